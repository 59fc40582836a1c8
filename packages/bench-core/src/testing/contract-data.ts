import {
  type CnnFitOptions,
  createTrainingPlan,
  epochBatches,
  type LabelledImages,
  type ModelSpec,
  networkOf,
  type SimpleCnnOptions,
  simpleCnn,
  type TrainingBatch,
} from '@dlcmp/contract';
import { createSeparableImages } from './separable-images';

/** Sizes of the network of {@link CONTRACT_SPEC}. */
export const CONTRACT_SIZES = {
  channels: [3, 4, 6],
  hiddenUnits: 8,
  dropoutRate: 0.25,
} as const satisfies SimpleCnnOptions;

/** Three scenes small enough for seconds on any backend; the sides are odd and differ. */
export const CONTRACT_SPEC = {
  inputHeight: 17,
  inputWidth: 26,
  classNames: ['forest', 'glacier', 'street'],
  seed: 7,
  network: simpleCnn(CONTRACT_SIZES),
} as const satisfies ModelSpec;

/** A few steps: enough to change every weight. Forests overlook what only CNNs have. */
export const SHORT_FIT: CnnFitOptions = { epochs: 2, batchSize: 10, learningRate: 0.01 };

/** Enough for a CNN to learn {@link trainingImages}. */
export const LEARNING_FIT: CnnFitOptions = { epochs: 12, batchSize: 10, learningRate: 0.01 };

function draw(seed: number, count: number, noise: number): LabelledImages {
  const { inputHeight, inputWidth, classNames } = CONTRACT_SPEC;
  const classCount = classNames.length;
  return createSeparableImages({ seed, count, noise, inputHeight, inputWidth, classCount });
}

/** 24 images that are easy to tell apart. */
export const trainingImages = (): LabelledImages => draw(1, 24, 0.3);

/** 12 further images like {@link trainingImages}. */
export const heldOutImages = (): LabelledImages => draw(2, 12, 0.3);

/** 24 images of pure noise: no two models trained on them agree by chance. */
export const noiseImages = (): LabelledImages => draw(3, 24, 1);

/** 9 images of pure noise to ask about. */
export const noiseProbes = (): LabelledImages => draw(4, 9, 1);

/** The first `count` batches of a plan over noise, with dropout and flips. */
export function noiseBatches(count: number): TrainingBatch[] {
  const images = noiseImages();
  const plan = createTrainingPlan({
    seed: 5,
    imageCount: images.count,
    batchSize: 7,
    augmentation: 'horizontal-flip',
    masks: networkOf(CONTRACT_SPEC).masks,
  });
  const epochs = Math.ceil(count / plan.stepsPerEpoch);
  return Array.from({ length: epochs }, (_, epoch) => [
    ...epochBatches(plan, epoch + 1, images, CONTRACT_SPEC),
  ])
    .flat()
    .slice(0, count);
}

/** The first of {@link noiseBatches}. */
export const noiseBatch = (): TrainingBatch => noiseBatches(1)[0] as TrainingBatch;

/** The batches that `fit` takes of {@link noiseImages} with {@link SHORT_FIT}, in its order. */
export function* plannedBatches() {
  const images = noiseImages();
  const { epochs = 1, batchSize = 1 } = SHORT_FIT;
  const plan = createTrainingPlan({
    seed: CONTRACT_SPEC.seed,
    imageCount: images.count,
    batchSize,
    augmentation: 'horizontal-flip',
    masks: networkOf(CONTRACT_SPEC).masks,
  });
  for (let epoch = 1; epoch <= epochs; epoch++) {
    yield* epochBatches(plan, epoch, images, CONTRACT_SPEC);
  }
}
