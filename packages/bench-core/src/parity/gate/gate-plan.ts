import { type ModelSpec, networkOf, scaledSchedule, sgd, splitNetwork } from '@dlcmp/contract';
import { peakRate, type TrainingOptions, withoutValidation } from '../../measure/measure-fit';
import type { TrialPlan } from '../../measure/measure-trial';
import { forwardOperations, trainingOperations } from './network-cost';

/** Rates of inference batches that the gate asks for: latency's, a small one, and that of evaluation. */
export const INFERENCE_BATCH_SIZES = [32, 8, 1] as const;

/** Full batches of an epoch in the gate; a partial one follows. */
const FULL_BATCHES = 2;
/** Epochs of the fit as timed: what trains in the first alone shows in the second. */
const MOST_EPOCHS = 2;
/** Of the reference's time, what the gradient of the last layers may take where the others are frozen. */
const FROZEN_SHARE = 0.15;
/**
 * Share of the run's learning rate that the gate trains batch norm with: it divides by what a batch has, so that rounding grows
 * with the length of steps, at the whole rate to several percent of a loss within five of them.
 */
const BATCH_NORM_RATE = 0.1;
/** Learning rate of the fit with momentum. */
const MOMENTUM_RATE = 0.05;
/** Operations a second that the reference in float64 is expected to make. */
export const REFERENCE_SPEED = 1.5e9;

/** How much of a run the gate repeats. */
export interface GatePlan {
  readonly spec: ModelSpec;
  readonly backend: string;
  readonly threads: number;
  /** The trial's, with fewer epochs, no images held back, and where batch norm is trained a tenth of its learning rate. */
  readonly training: TrainingOptions;
  readonly batchSize: number;
  /** Two full batches and the run's own last one, or all images where there are fewer. */
  readonly trainCount: number;
  /** A full batch of inference and the run's own last one, or all images where there are fewer. */
  readonly testCount: number;
  /** Images of the batch whose gradient is asked for: as many as the reference can go through. */
  readonly gradientCount: number;
}

/** The gate of a trial on `trainCount` and `testCount` images. @param referenceSeconds what the reference may take */
export function planGate(
  trial: Pick<TrialPlan, 'spec' | 'backend' | 'threads' | 'training' | 'inferenceBatchSize'>,
  images: { readonly trainCount: number; readonly testCount: number },
  referenceSeconds: number,
): GatePlan {
  const { spec, backend, threads, training } = trial;
  const { batchSize = 32, epochs = 10 } = training;
  const trainCount = withLastBatch(images.trainCount, batchSize, FULL_BATCHES);
  const affordable = affordableImages(trial, referenceSeconds);
  return {
    ...{ spec, backend, threads, batchSize, trainCount },
    training: {
      ...{ ...withoutValidation(training), ...(trainsBatchNorm(trial) && slowed(training)) },
      ...{ batchSize, epochs: Math.min(epochs, MOST_EPOCHS) },
    },
    testCount: withLastBatch(images.testCount, trial.inferenceBatchSize, 1),
    gradientCount: Math.max(1, Math.min(batchSize, trainCount, affordable)),
  };
}

/** Images whose gradient the reference can work out in `seconds`; of frozen layers it takes the forward pass alone. */
function affordableImages(
  { spec, training }: Pick<TrialPlan, 'spec' | 'training'>,
  seconds: number,
): number {
  const network = networkOf(spec);
  const trunk = splitNetwork(network, training.train ?? 'all')?.trunk;
  const cost = trunk ? forwardOperations(trunk) / FROZEN_SHARE : trainingOperations(network);
  return Math.floor((seconds * REFERENCE_SPEED) / cost);
}

/** Whether a batch norm is among the layers that are trained: a frozen one computes with what it knows. */
export function trainsBatchNorm({ spec, training }: Pick<GatePlan, 'spec' | 'training'>): boolean {
  const network = networkOf(spec);
  const trained = splitNetwork(network, training.train ?? 'all')?.tail ?? network;
  return trained.nodes.some(({ type }) => type === 'batchNorm');
}

/** The learning rate, or the schedule's, and the head's that the gate takes where batch norm is trained. */
function slowed(training: TrainingOptions): TrainingOptions {
  const { schedule, headLearningRate } = training;
  const head = headLearningRate !== undefined && {
    headLearningRate: BATCH_NORM_RATE * headLearningRate,
  };
  if (schedule) return { schedule: scaledSchedule(schedule, BATCH_NORM_RATE), ...head };
  return { learningRate: BATCH_NORM_RATE * peakRate(training), ...head };
}

/** Training steps that the reference can make in `seconds`, a fraction of one where it can't make one. */
export function affordableSteps(spec: ModelSpec, batchSize: number, seconds: number): number {
  return (seconds * REFERENCE_SPEED) / (trainingOperations(networkOf(spec)) * batchSize);
}

/** `full` batches and a partial one: the last of `count` images, or where that is full too, one less than half of one. */
function withLastBatch(count: number, batchSize: number, full: number): number {
  const last = count % batchSize || Math.max(0, Math.ceil(batchSize / 2) - 1);
  return Math.min(count, full * batchSize + last);
}

/** One of the fits that a contender makes in the gate. */
export type GateFit = 'timed' | 'single' | 'momentum' | 'betas';

/** Images of each fit. Where layers are frozen each image is dear and each step cheap: steps are taken on a few, again and again. */
export function gateFitCounts(plan: GatePlan): Readonly<Record<GateFit, number>> {
  const { trainCount, gradientCount, batchSize } = plan;
  if (isFrozen(plan))
    return {
      timed: trainCount,
      single: gradientCount,
      momentum: gradientCount,
      betas: gradientCount,
    };
  const single = Math.min(batchSize, trainCount);
  return { timed: trainCount, single, momentum: trainCount, betas: trainCount };
}

function isFrozen({ spec, training }: GatePlan): boolean {
  return splitNetwork(networkOf(spec), training.train ?? 'all') !== undefined;
}

/**
 * - `timed`: as the trial, with fewer epochs.
 * - `single`: one step of plain gradient descent at rate 1, which shows the gradient that was applied.
 * - `momentum`: gradient descent with momentum over three steps: weights follow gradients smoothly, where Adam makes whole steps
 *   of rounding.
 * - `betas`: the trial's Adam with a short memory and a large epsilon, where mistakes in its moments and their corrections
 *   show within three steps.
 */
export function gateFitOptions(plan: GatePlan): Readonly<Record<GateFit, TrainingOptions>> {
  const { training } = plan;
  const { train, labelSmoothing, batchSize, augmentation, headLearningRate } = training;
  const once = {
    ...{ epochs: 1, ...(batchSize !== undefined && { batchSize }) },
    ...(train !== undefined && { train }),
    ...(labelSmoothing !== undefined && { labelSmoothing }),
    ...(augmentation !== undefined && { augmentation }),
  };
  const thrice = { ...once, ...(isFrozen(plan) && { epochs: FULL_BATCHES + 1 }) };
  const learningRate = peakRate(training);
  const momentumRate = MOMENTUM_RATE * (trainsBatchNorm(plan) ? BATCH_NORM_RATE : 1);
  return {
    timed: training,
    single: { ...once, learningRate: 1, optimizer: sgd() },
    momentum: { ...thrice, learningRate: momentumRate, optimizer: sgd({ momentum: 0.9 }) },
    betas: {
      ...{ ...thrice, learningRate, betas: [0.6, 0.7], epsilon: 1e-4 },
      ...(headLearningRate !== undefined && { headLearningRate }),
    },
  };
}
