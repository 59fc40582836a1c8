import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  assertArgument,
  assertConverged,
  assertLabelledImages,
  type CnnFitOptions,
  type FitOptions,
  type LabelledImages,
  type TrainingPlan,
  throwIfAborted,
  type Weights,
} from '@dlcmp/contract';
import { assertConverging } from './divergence';
import type { GraphTrainer, StepResult } from './graph-trainer';
import { createNetworkPlan, networkBatches } from './network-batches';
import type { ResolvedSequentialSpec } from './sequential-spec';
import { imagesDigest, type PlanPosition, type RunSettings } from './training-checkpoint';

/** Options of a sequential classifier's `fit`. */
export interface SequentialFitOptions
  extends FitOptions,
    Pick<CnnFitOptions, 'epochs' | 'batchSize' | 'augmentation' | 'onEpochEnd'> {
  /** Where to keep what the run needs to go on after a crash. Default: nowhere. */
  readonly checkpoint?: {
    /** A file, replaced each time. */
    readonly path: string;
    /** Steps between two writes. Default: once an epoch. */
    readonly everySteps?: number;
  };
  /** A checkpoint to go on from; with it come weights, moments and the place in the plan. */
  readonly resumeFrom?: string;
}

/** A checked run of `fit` before its first step. */
export interface TrainingRun {
  readonly spec: ResolvedSequentialSpec;
  readonly images: LabelledImages;
  readonly options: SequentialFitOptions;
  readonly plan: TrainingPlan;
  readonly epochs: number;
  readonly settings: RunSettings;
}

/** @throws `INVALID_ARGUMENT` */
export function createTrainingRun(
  spec: ResolvedSequentialSpec,
  images: LabelledImages,
  options: SequentialFitOptions,
): TrainingRun {
  const { epochs = 10, batchSize = 32, augmentation = 'horizontal-flip', checkpoint } = options;
  const { seed, optimizer, labelSmoothing, gradientClipping, network } = spec;
  assertLabelledImages(images, spec, spec.classNames.length);
  assertCount('epochs', epochs);
  if (checkpoint?.everySteps !== undefined)
    assertCount('checkpoint.everySteps', checkpoint.everySteps);
  const settings = {
    ...{ seed, epochs, batchSize, augmentation, optimizer, labelSmoothing },
    gradientClipping: gradientClipping ?? null,
    images: imagesDigest(images),
    layers: network.layers.map(({ layer }) => layer.description),
  };
  const plan = createNetworkPlan({ seed, imageCount: images.count, batchSize, augmentation });
  return { spec, images, options, plan, epochs, settings };
}

function assertCount(name: string, value: number): void {
  assertArgument(
    Number.isInteger(value) && value >= 1,
    `${name} must be a whole number ≥ 1, not ${value}.`,
  );
}

/** What a run does to the outside, step by step. */
export interface TrainingHooks {
  /** Trains on one batch. */
  step(...parameters: Parameters<GraphTrainer['step']>): Promise<StepResult>;
  /** Whether loss and gradients are finite is held against these weights. */
  weights(): Weights;
  /** For a look at the model after the last step. */
  getWeights(): Promise<Weights>;
  predictLogits(pixels: Uint8Array, count: number): Promise<Float32Array>;
  /** Keeps what the run needs to go on from `position`. */
  checkpoint(position: PlanPosition): Promise<void>;
}

/**
 * Trains from `start` to the end of the plan. The loop of the contract's `trainEpochs`, with a rate
 * for each step and a place to begin.
 *
 * @throws `ABORTED` between two steps, `DIVERGED`
 */
export async function runTraining(
  run: TrainingRun,
  start: PlanPosition,
  hooks: TrainingHooks,
): Promise<void> {
  let position = start;
  while (position.epoch <= run.epochs) {
    position = await trainEpoch(run, position, hooks);
  }
}

/** Trains the rest of an epoch; returns the beginning of the next. */
async function trainEpoch(
  run: TrainingRun,
  start: PlanPosition,
  hooks: TrainingHooks,
): Promise<PlanPosition> {
  const { spec, images, options, plan, epochs } = run;
  const { epoch } = start;
  const total = epochs * plan.stepsPerEpoch;
  const { checkpoint, signal } = options;
  let { step, completed, lossSum } = start;
  const batches = networkBatches(spec.network, plan, spec.seed, epoch, step, images, spec);
  let next = batches.next();
  while (!next.done) {
    throwIfAborted(signal);
    const batch = next.value;
    const learningRate = spec.schedule(completed, total);
    const running = hooks.step(batch, learningRate);
    next = batches.next();
    const result = await running;
    step++;
    completed++;
    assertConverging(result, { step: completed, epoch, learningRate }, hooks.weights());
    lossSum += result.loss * batch.size;
    if (completed === total) await assertConverged(hooks, batch, { step: completed, epoch });
    options.onProgress?.({ unit: 'step', completed, total, epoch, loss: result.loss });
    if (step < plan.stepsPerEpoch && completed % (checkpoint?.everySteps ?? total) === 0) {
      await hooks.checkpoint({ epoch, step, completed, lossSum });
    }
    // ONNX Runtime computes on this thread: signals and messages come in between two steps.
    await nextTurn();
  }
  await options.onEpochEnd?.({ epoch, trainLoss: lossSum / images.count });
  const beginning = { epoch: epoch + 1, step: 0, completed, lossSum: 0 };
  await hooks.checkpoint(beginning);
  return beginning;
}
