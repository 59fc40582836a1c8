import type { CnnFitOptions } from '../classifier';
import type { UpdateSettings } from '../engine/engine';
import { assertArgument } from '../errors';
import { assertLabelledImages, type TrainingImages } from '../images';
import type { Network } from '../network/resolve-network';
import { adam, type OptimizerSpec } from '../optimizers/optimizer-options';
import { assertRate, type LearningRateSchedule } from '../schedules/learning-rate-schedule';
import { type ScheduleSpec, scheduleOf } from '../schedules/schedule-spec';
import { createTrainingPlan, type TrainingPlan } from '../training-plan';
import { holdOut } from './hold-out';
import { headRateFactors } from './rate-factors';
import type { ValidationPlan } from './validation';

/** How weights are moved, without the learning rate of a step. */
export type LearningSettings = Omit<UpdateSettings, 'learningRate'>;

/** A checked run of `fit` before its first step. */
export interface TrainingRun {
  readonly network: Network;
  readonly seed: number;
  /** Those that are trained on. */
  readonly images: TrainingImages;
  /** Those that it is judged by, where some are held back. */
  readonly validation?: ValidationPlan;
  readonly options: CnnFitOptions;
  readonly plan: TrainingPlan;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learning: LearningSettings;
  readonly schedule: LearningRateSchedule;
}

/** @throws `INVALID_ARGUMENT` */
export function createTrainingRun(
  network: Network,
  seed: number,
  images: TrainingImages,
  options: CnnFitOptions,
): TrainingRun {
  const { epochs = 10, batchSize = 32, checkpoint } = options;
  const augmentation = options.augmentation ?? 'horizontal-flip';
  assertLabelledImages(images, network, network.classCount);
  assertCount('epochs', epochs);
  assertValidation(options);
  if (checkpoint?.everySteps !== undefined)
    assertCount('checkpoint.everySteps', checkpoint.everySteps);
  const { masks } = network;
  const parts = holdBack(network, seed, images, options);
  const plan = createTrainingPlan({
    seed,
    imageCount: parts.images.count,
    batchSize,
    augmentation,
    masks,
  });
  const { learning, schedule } = resolveLearning(options, network);
  return { network, seed, ...parts, options, plan, epochs, batchSize, learning, schedule };
}

function assertValidation({ validation, patience }: CnnFitOptions): void {
  assertArgument(
    validation === undefined || (validation > 0 && validation < 1),
    `validation must be a share above 0 and below 1, not ${validation}.`,
  );
  if (patience === undefined) return;
  assertCount('patience', patience);
  assertArgument(
    validation !== undefined,
    'patience counts epochs without a lower validation loss: give validation too, the share of images to hold back.',
  );
}

function holdBack(
  network: Network,
  seed: number,
  images: TrainingImages,
  { validation, patience = Number.POSITIVE_INFINITY }: CnnFitOptions,
): Pick<TrainingRun, 'images' | 'validation'> {
  if (validation === undefined) return { images };
  const held = holdOut(images, network, validation, seed);
  return {
    images: held.training,
    validation: { images: held.validation, size: network, patience },
  };
}

/** Optimiser, clipping, smoothing and schedule of `options`, with their defaults: Adam at a constant 1e-3. */
export function resolveLearning(
  options: CnnFitOptions,
  network: Pick<Network, 'nodes' | 'weightShapes'>,
): {
  learning: LearningSettings;
  schedule: LearningRateSchedule;
} {
  const { learningRate = 1e-3, schedule, gradientClipping, labelSmoothing = 0 } = options;
  assertRate('learningRate', learningRate);
  assertArgument(
    schedule === undefined || options.learningRate === undefined,
    'fit takes learningRate or schedule, not both: a schedule has its own.',
  );
  if (gradientClipping !== undefined) assertRate('gradientClipping', gradientClipping);
  assertArgument(
    labelSmoothing >= 0 && labelSmoothing < 1,
    `labelSmoothing must be at least 0 and below 1, not ${labelSmoothing}.`,
  );
  const rateFactors = headRateFactors(options, network);
  const learning = {
    optimizer: resolveOptimizer(options),
    ...(rateFactors && { rateFactors }),
    labelSmoothing,
    ...(gradientClipping !== undefined && { gradientClipping }),
  };
  return { learning, schedule: resolveSchedule(schedule ?? { kind: 'constant', learningRate }) };
}

/**
 * The rate of the step after `completed` of `total`.
 *
 * @throws `INVALID_ARGUMENT` where the schedule gives none
 */
export function scheduledRate(
  { schedule }: Pick<TrainingRun, 'schedule'>,
  completed: number,
  total: number,
): number {
  const rate = schedule(completed, total);
  assertArgument(
    Number.isFinite(rate) && rate >= 0,
    `The schedule returned ${rate} for step ${completed} of ${total}: a learning rate is a number ≥ 0.`,
  );
  return rate;
}

function resolveSchedule(schedule: LearningRateSchedule | ScheduleSpec): LearningRateSchedule {
  return typeof schedule === 'function' ? schedule : scheduleOf(schedule);
}

function resolveOptimizer({ optimizer, betas, epsilon }: CnnFitOptions): OptimizerSpec {
  if (!optimizer)
    return adam({ ...(betas && { betas }), ...(epsilon !== undefined && { epsilon }) });
  assertArgument(
    betas === undefined && epsilon === undefined,
    'betas and epsilon belong into the optimizer where one is given: adam({ betas, epsilon }).',
  );
  return optimizer;
}

function assertCount(name: string, value: number): void {
  assertArgument(
    Number.isInteger(value) && value >= 1,
    `${name} must be a whole number ≥ 1, not ${value}.`,
  );
}
