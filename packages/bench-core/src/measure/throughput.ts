import {
  bytesPerImage,
  type Classifier,
  type ImageSize,
  type LabelledImages,
} from '@dlcmp/contract';
import type { BatchThroughput } from '../results/bench-results';
import type { Clock } from './clock';
import type { KeepAnswers } from './predict-batches';

/** From one image to what a server might gather. */
const BATCH_SIZES = [1, 8, 32, 128];
const WARM_UP_BATCHES = 2;
/** Of batches that take long one is enough to warm up. */
const WARM_UP_SECONDS = 0.25;
const FEWEST_BATCHES = 3;
/** Beyond the fewest batches, no more are begun after this. */
const BUDGET_SECONDS = 0.5;
/** Fewer batches where they take longer. */
const MOST_SECONDS = 1;

export interface ThroughputMeasurement {
  readonly throughput: readonly BatchThroughput[];
  /** Why a batch size was left out. */
  readonly notes: readonly string[];
}

/**
 * The offline scenario: images per second at each batch size, each after two warm-up batches, over at
 * least half a second and, where they are done within a second, three batches. One that takes long warms up alone. A test set
 * smaller than a batch is gone round.
 *
 * @param keep is given all answers
 */
export async function measureThroughput(
  classifier: Pick<Classifier, 'predict'>,
  images: LabelledImages,
  size: ImageSize,
  clock: Clock,
  keep: KeepAnswers = () => {},
): Promise<ThroughputMeasurement> {
  const throughput: BatchThroughput[] = [];
  const notes: string[] = [];
  for (const batchSize of BATCH_SIZES) {
    const nextBatch = batchesOf(images, size, batchSize);
    try {
      throughput.push(await measureBatchSize(classifier, nextBatch, batchSize, clock, keep));
    } catch (error) {
      // A backend may refuse a batch that its memory can't hold; the others still count.
      const reason = error instanceof Error ? error.message : String(error);
      notes.push(`Throughput at batch size ${batchSize} could not be measured: ${reason}`);
    }
  }
  return { throughput, notes };
}

async function measureBatchSize(
  classifier: Pick<Classifier, 'predict'>,
  nextBatch: () => Batch,
  batchSize: number,
  clock: Clock,
  keep: KeepAnswers,
): Promise<BatchThroughput> {
  const warmUp = clock();
  for (let batch = 0; batch < WARM_UP_BATCHES; batch++) {
    if (clock() - warmUp > WARM_UP_SECONDS) break;
    await classifier.predict(nextBatch().pixels, batchSize);
  }
  const start = clock();
  let batches = 0;
  let seconds = 0;
  while (isWanted(batches, seconds)) {
    const { pixels, first } = nextBatch();
    const answers = await classifier.predict(pixels, batchSize);
    batches++;
    seconds = clock() - start;
    keep(`throughput at batch size ${batchSize}`, first, answers);
  }
  const count = batches * batchSize;
  return { batchSize, imagesPerSecond: count / seconds, images: count, seconds };
}

function isWanted(batches: number, seconds: number): boolean {
  return seconds < (batches < FEWEST_BATCHES ? MOST_SECONDS : BUDGET_SECONDS);
}

interface Batch {
  readonly pixels: Uint8Array;
  /** Index of its first image. */
  readonly first: number;
}

/** Whole batches in order, from the beginning again where the next would be cut short. */
function batchesOf(images: LabelledImages, size: ImageSize, batchSize: number): () => Batch {
  const bytes = bytesPerImage(size);
  const { pixels, count } = atLeast(batchSize, images, bytes);
  let next = 0;
  return () => {
    if (next + batchSize > count) next = 0;
    const first = next;
    next += batchSize;
    return { pixels: pixels.subarray(first * bytes, next * bytes), first };
  };
}

/** The images, or where they are fewer than a batch, one batch that goes round them. */
function atLeast(batchSize: number, { pixels, count }: LabelledImages, bytes: number) {
  if (count >= batchSize) return { pixels, count };
  const repeated = new Uint8Array(batchSize * bytes);
  for (let start = 0; start < repeated.length; start += pixels.length) {
    repeated.set(pixels.subarray(0, repeated.length - start), start);
  }
  return { pixels: repeated, count: batchSize };
}
