import { join } from 'node:path';
import {
  assertArgument,
  type ModelSpec,
  networkOf,
  startingWeights,
  type TrainedLayers,
} from '@dlcmp/contract';
import type { TrainingOptions } from '../measure/measure-fit';
import type { BenchConfiguration } from '../results/bench-results';
import type { BenchPlan, SelectedAdapter } from './bench-plan';
import type { TrialJob } from './process-messages';

/** Throughput is measured at this batch size, whatever training used. */
const INFERENCE_BATCH_SIZE = 32;

/** The job of one trial of `plan`: `selected` with `seed`, the `repeat`-th time. */
export function createTrialJob(
  plan: BenchPlan,
  selected: SelectedAdapter,
  seed: number,
  repeat = 1,
): TrialJob {
  const { adapter, backend, reference } = selected;
  const images = plan.images[adapter.family];
  assertArgument(
    images !== undefined,
    `The plan must hold images for the ${adapter.family} family.`,
  );
  const { size, train, test } = images;
  return {
    kind: 'trial',
    adapter: reference,
    train,
    test,
    plan: {
      backend,
      spec: cnnSpec(plan, selected, { ...size, classNames: plan.dataset.classNames, seed }),
      training: trainingOptions(plan, selected),
      threads: plan.configuration.threads,
      inferenceBatchSize: INFERENCE_BATCH_SIZE,
      tf32: plan.configuration.tf32 === true && /cuda/.test(backend),
      modelDirectory: join(plan.outputDirectory, 'models', modelName(plan, selected, seed, repeat)),
    },
  };
}

/** `cnn-onnx-cpu-seed-1`, and in a matrix what else tells a CNN's models apart. */
function modelName(
  { configuration }: BenchPlan,
  { adapter, backend }: SelectedAdapter,
  seed: number,
  repeat: number,
): string {
  const { matrix, imageSize, batchSize, learningRate } = configuration;
  const name = `${adapter.id}-${backend.replace(/[:@]/g, '-')}-seed-${seed}${repeat > 1 ? `-run-${repeat}` : ''}`;
  if (!matrix || adapter.family === 'forest') return name;
  return `${name}-size-${imageSize}-batch-${batchSize}-rate-${learningRate}`;
}

function cnnSpec(
  { configuration, pretrainedWeights }: BenchPlan,
  { adapter }: SelectedAdapter,
  sizes: ModelSpec,
): ModelSpec {
  if (adapter.family === 'forest') return sizes;
  const { network, track, pretrained } = configuration;
  const spec: ModelSpec = {
    ...sizes,
    network,
    ...(track === 'defaults' && { initializer: adapter.frameworkDefaults.initializer }),
  };
  if (!pretrainedWeights || !pretrained) return spec;
  const { seed, initializer } = spec;
  const begun = startingWeights(pretrainedWeights, networkOf(spec), seed, initializer);
  return { ...spec, initialWeights: begun.weights, pretrained };
}

/** `parity`: PyTorch's settings for all. `defaults`: what each framework does unasked. */
function trainingOptions(
  { configuration, images }: BenchPlan,
  { adapter }: SelectedAdapter,
): TrainingOptions {
  if (adapter.family === 'forest') return {};
  const { epochs, batchSize, track, recipe = {} } = configuration;
  const own =
    track === 'parity'
      ? ({ adamEpsilon: 1e-8, augmentation: 'horizontal-flip' } as const)
      : adapter.frameworkDefaults;
  const { train, labelSmoothing, optimizer, augmentation = own.augmentation } = recipe;
  const { headLearningRate, validation, patience } = recipe;
  const trained = (images.cnn?.train.count ?? 0) * (1 - (validation ?? 0));
  const steps = Math.ceil(trained / batchSize);
  return {
    ...{ epochs, batchSize, ...ratesOf(configuration, steps) },
    ...(optimizer ? { optimizer } : { epsilon: own.adamEpsilon }),
    ...(labelSmoothing !== undefined && { labelSmoothing }),
    ...(train !== undefined && { train }),
    ...(headLearningRate !== undefined && { headLearningRate }),
    ...(validation !== undefined && { validation }),
    ...(patience !== undefined && { patience }),
    augmentation: isFrozen(train) ? 'none' : augmentation,
  };
}

/** Whether some layers stay as they are, so that images are not augmented. */
function isFrozen(train: TrainedLayers = 'all'): boolean {
  return train !== 'all';
}

function ratesOf(
  { learningRate, recipe = {} }: BenchConfiguration,
  stepsPerEpoch: number,
): Pick<TrainingOptions, 'learningRate' | 'schedule'> {
  const { schedule: kind, warmUpEpochs = 0 } = recipe;
  if (kind === undefined) return { learningRate };
  if (kind === 'one-cycle') return { schedule: { kind, learningRate } };
  const warmupSteps = Math.round(warmUpEpochs * stepsPerEpoch);
  return { schedule: { kind, learningRate, warmupSteps } };
}
