import type { Adapter, Classifier, ImageSize, LabelledImages } from '@dlcmp/contract';
import { bytesPerImage, DlcmpError } from '@dlcmp/contract';
import type { MemoryRecord, SoakMeasurement } from '../../results/soak-result';
import { type Clock, timed } from '../clock';
import { singleImage } from '../latency';
import { MemoryRecorder } from './memory-record';

/** What a soak asks, and of which model. */
export interface SoakPlan {
  readonly backend: string;
  readonly threads: number;
  readonly size: ImageSize;
  /** Of the saved model. */
  readonly modelDirectory: string;
  /** At least {@link FEWEST_REQUESTS}. */
  readonly requests: number;
}

export interface SoakEnvironment {
  readonly adapter: Adapter;
  readonly images: LabelledImages;
  readonly collectGarbage: () => void;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Told of how many of the requests are answered. */
  readonly onProgress?: (completed: number, total: number) => void;
}

/** Below, half of the requests are too few to sample. */
export const FEWEST_REQUESTS = 1000;
/** Mostly single images; a server that gathers requests asks for several at a time. */
const BATCH_SIZES = [1, 1, 1, 4];
/** Over the second half of the requests: in the first, compilers, caches and allocators find their size. */
const SAMPLES = 100;
/** Over the first, so that sampling has warmed up too. */
const WARM_UP_SAMPLES = 10;
const WARM_UP_CYCLES = 5;
const CYCLES = 15;

/**
 * Asks a saved model `requests` times, then loads and releases it twenty times, and samples the memory of this process meanwhile.
 * Nothing but the model may run in it.
 */
export async function measureSoak(
  plan: SoakPlan,
  environment: SoakEnvironment,
): Promise<SoakMeasurement> {
  const { result, seconds } = await timed(environment.clock, async () => ({
    serving: await serve(plan, environment),
    reloading: await reload(plan, environment),
  }));
  return { requests: plan.requests, batchSizes: BATCH_SIZES, seconds, ...result };
}

async function serve(plan: SoakPlan, environment: SoakEnvironment): Promise<MemoryRecord> {
  const { requests } = plan;
  const { images, signal, collectGarbage, onProgress } = environment;
  const recorder = new MemoryRecorder(collectGarbage);
  const classifier = await load(plan, environment);
  const warmUp = Math.floor(requests / 2);
  const samplesDue = (request: number) =>
    request <= warmUp
      ? Math.floor((WARM_UP_SAMPLES * request) / warmUp)
      : WARM_UP_SAMPLES + Math.floor((SAMPLES * (request - warmUp)) / (requests - warmUp));
  try {
    for (let request = 1; request <= requests; request++) {
      await ask(classifier, images, plan.size, request);
      if (request % 100 === 0) onProgress?.(request, requests);
      if (signal?.aborted) throw new DlcmpError('ABORTED', 'The soak was interrupted.');
      if (samplesDue(request) > samplesDue(request - 1)) await recorder.sample(request);
    }
    return recorder.record(warmUp);
  } finally {
    await classifier.dispose();
  }
}

async function reload(plan: SoakPlan, environment: SoakEnvironment): Promise<MemoryRecord> {
  const recorder = new MemoryRecorder(environment.collectGarbage);
  for (let cycle = 1; cycle <= WARM_UP_CYCLES + CYCLES; cycle++) {
    const classifier = await load(plan, environment);
    await ask(classifier, environment.images, plan.size, cycle);
    await classifier.dispose();
    await recorder.sample(cycle);
  }
  return recorder.record(WARM_UP_CYCLES);
}

function load(
  { modelDirectory, backend, threads }: SoakPlan,
  { adapter }: SoakEnvironment,
): Promise<Classifier> {
  return adapter.load(modelDirectory, { backend, threads });
}

/** A request that a server might make of its own: images in memory of their own. */
async function ask(
  classifier: Classifier,
  images: LabelledImages,
  size: ImageSize,
  request: number,
): Promise<void> {
  const count = BATCH_SIZES[request % BATCH_SIZES.length] as number;
  const bytes = bytesPerImage(size);
  const pixels = new Uint8Array(count * bytes);
  for (let image = 0; image < count; image++) {
    pixels.set(singleImage(images, size, request + image), image * bytes);
  }
  await classifier.predict(pixels, count);
  // As between two requests of a server.
  await new Promise(setImmediate);
}
