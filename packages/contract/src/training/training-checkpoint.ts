import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import type { TrainableModel } from '../engine/engine';
import { assertArgument, DlcmpError } from '../errors';
import { type ImageSize, pixelSourceOf, type TrainingImages } from '../images';
import { readSafetensors, readSafetensorsMetadata, writeSafetensors } from '../safetensors';
import type { Weights } from '../weights';
import { scheduledRate, type TrainingRun } from './training-run';
import type { BestEpoch } from './validation';

/** Where in its plan a training run stands. */
export interface PlanPosition {
  /** The epoch of the next step, from 1. */
  readonly epoch: number;
  /** The next step of that epoch, from 0. */
  readonly step: number;
  /** Steps finished since the run began. */
  readonly completed: number;
  /** Sum over the epoch's images so far of their loss. */
  readonly lossSum: number;
}

/** Where a run begins or goes on. */
export interface StartingPoint extends PlanPosition {
  /** Of the epochs before, where images are held back. */
  readonly best?: BestEpoch;
}

export const BEGINNING: StartingPoint = { epoch: 1, step: 0, completed: 0, lossSum: 0 };

/** All that decides a run besides its weights; each value is compared when it resumes. */
export type RunSettings = Readonly<Record<string, unknown>>;

const FORMAT = 'dlcmp-training-checkpoint-2';
const MOMENT_PREFIX = 'optimizer.';
const BEST_PREFIX = 'best.';

/** @param digest of the run's images, see {@link imagesDigest} */
export function runSettings(run: TrainingRun, digest: string): RunSettings {
  const { network, seed, epochs, batchSize, options, learning } = run;
  const { validation, patience } = options;
  return {
    ...{ seed, epochs, batchSize, augmentation: options.augmentation ?? 'horizontal-flip' },
    ...learning,
    gradientClipping: learning.gradientClipping ?? null,
    learningRates: ratesDigest(run),
    images: digest,
    ...(validation !== undefined && { validation }),
    ...(patience !== undefined && { patience }),
    network: network.description,
  };
}

/** Identifies the learning rates of all steps: a schedule is a function, which no file can hold. */
function ratesDigest(run: TrainingRun): string {
  const total = run.epochs * run.plan.stepsPerEpoch;
  const rates = Float64Array.from({ length: total }, (_, step) => scheduledRate(run, step, total));
  return createHash('sha256').update(rates).digest('hex');
}

const IMAGES_AT_ONCE = 256;

/** Identifies images by every pixel and label. */
export function imagesDigest(images: TrainingImages, size: ImageSize): string {
  const { labels, count } = images;
  const hash = createHash('sha256');
  hash.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  const source = pixelSourceOf(images, size);
  const buffer = new Uint8Array(Math.min(count, IMAGES_AT_ONCE) * source.bytesPerImage);
  for (let first = 0; first < count; first += IMAGES_AT_ONCE) {
    const indices = Array.from(
      { length: Math.min(IMAGES_AT_ONCE, count - first) },
      (_, i) => first + i,
    );
    source.read(indices, buffer);
    hash.update(buffer.subarray(0, indices.length * source.bytesPerImage));
  }
  return `${count}:${hash.digest('hex')}`;
}

/**
 * Writes weights, state and moments, and those of the `best` epoch where images are held back, as one safetensors file, with position and settings in its
 * metadata. The file appears in one piece: a crash leaves the one before.
 */
export async function writeCheckpoint(
  path: string,
  model: TrainableModel,
  position: PlanPosition,
  settings: RunSettings,
  best?: BestEpoch,
): Promise<void> {
  const { stepCount, moments } = await model.readOptimizer();
  const tensors = Object.entries(moments).map(([name, data]) => [
    `${MOMENT_PREFIX}${name}`,
    { shape: [data.length], data },
  ]);
  const unfinished = `${path}.unfinished`;
  await writeSafetensors(
    unfinished,
    {
      ...(await model.readWeights()),
      ...Object.fromEntries(tensors),
      ...(best && prefixed(best.weights)),
    },
    {
      format: FORMAT,
      position: JSON.stringify(position),
      stepCount: String(stepCount),
      settings: JSON.stringify(settings),
      ...(best && { best: JSON.stringify({ epoch: best.epoch, loss: best.loss }) }),
    },
  );
  await rename(unfinished, path);
}

/**
 * Puts weights, state and moments back from what {@link writeCheckpoint} wrote, and tells where the
 * run goes on.
 *
 * @throws `INVALID_FILE`; `INVALID_ARGUMENT` where the run is not the one that wrote it
 */
export async function restoreCheckpoint(
  path: string,
  model: TrainableModel,
  run: TrainingRun,
  settings: RunSettings,
): Promise<StartingPoint> {
  const metadata = await readSafetensorsMetadata(path);
  if (metadata.format !== FORMAT) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} is not a training checkpoint of this version. Give the path that fit wrote with checkpoint.path; to start from mere weights, use initialWeights.`,
    );
  }
  assertSameRun(path, JSON.parse(metadata.settings ?? '{}'), settings);
  const tensors = await readSafetensors(path);
  const named = (prefix: string) => namedTensors(path, tensors, run.network, prefix);
  await model.writeWeights(named(''));
  const moments = Object.entries(tensors).flatMap(([name, { data }]) =>
    name.startsWith(MOMENT_PREFIX) ? [[name.slice(MOMENT_PREFIX.length), data] as const] : [],
  );
  await model.writeOptimizer(
    { stepCount: Number(metadata.stepCount), moments: Object.fromEntries(moments) },
    run.learning.optimizer,
  );
  const position = JSON.parse(metadata.position as string) as PlanPosition;
  if (metadata.best === undefined) return position;
  const best = JSON.parse(metadata.best) as Omit<BestEpoch, 'weights'>;
  return { ...position, best: { ...best, weights: named(BEST_PREFIX) } };
}

/** Weights and state among `tensors`, by names behind `prefix`. @throws `INVALID_FILE` */
function namedTensors(
  path: string,
  tensors: Weights,
  { weightShapes, stateShapes }: TrainingRun['network'],
  prefix: string,
): Weights {
  const entries = Object.entries({ ...weightShapes, ...stateShapes }).map(([name, shape]) => {
    const found = tensors[`${prefix}${name}`];
    if (found) return [name, { shape, data: found.data }] as const;
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} lacks the tensor ${prefix}${name}. Start the run anew.`,
    );
  });
  return Object.fromEntries(entries);
}

function prefixed(weights: Weights): Weights {
  const entries = Object.entries(weights);
  return Object.fromEntries(entries.map(([name, tensor]) => [`${BEST_PREFIX}${name}`, tensor]));
}

function assertSameRun(path: string, recorded: RunSettings, current: RunSettings): void {
  const different = Object.keys({ ...recorded, ...current }).find(
    (name) => JSON.stringify(recorded[name]) !== JSON.stringify(current[name]),
  );
  assertArgument(
    different === undefined,
    `${path} was written with different ${different}: ${brief(recorded[different ?? ''])} there, ${brief(current[different ?? ''])} here. Resume with the settings and images that the run began with.`,
  );
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
