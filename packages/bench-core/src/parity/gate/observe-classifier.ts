import {
  bytesPerImage,
  type CnnAdapter,
  type CnnClassifier,
  createInitialWeights,
  createTrainingPlan,
  DlcmpError,
  type EpochResult,
  epochBatches,
  isDlcmpError,
  type LabelledImages,
  type ModelSpec,
  networkOf,
  type SplitNetwork,
  splitNetwork,
  type TrainingBatch,
  type TrainingImages,
} from '@dlcmp/contract';
import { peakRate, type TrainingOptions } from '../../measure/measure-fit';
import { predictBatches } from '../../measure/predict-batches';
import { softmaxRows } from '../../reference-network/reference-network';
import {
  appliedGradient,
  type FitOutcome,
  type GateAnswers,
  type GateOutcome,
  type ReportedStep,
} from './gate-outcome';
import {
  type GateFit,
  type GatePlan,
  gateFitCounts,
  gateFitOptions,
  INFERENCE_BATCH_SIZES,
} from './gate-plan';
import { type Samples, sampleWeights, subtractSamples } from './sample-weights';

/** Images of the gate. */
export interface GateImages {
  /** The first `count` of the training images, as a trial is handed its own. */
  train(count: number): TrainingImages;
  readonly test: LabelledImages;
}

/** Images that are asked for in batches of other sizes, by the size: one by one, and in two batches and a half. */
const FEW_IMAGES: Readonly<Record<number, number>> = { 1: 4, 8: 20 };

/** What `adapter` computes in the gate: first all that a trial does, in a trial's order, then what shows the parts. */
export async function observeClassifier(
  adapter: CnnAdapter,
  plan: GatePlan,
  images: GateImages,
): Promise<GateOutcome> {
  const { spec, backend, threads } = plan;
  const create = () => adapter.create(spec, { backend, threads });
  const options = gateFitOptions(plan);
  const counts = gateFitCounts(plan);
  const split = splitNetwork(networkOf(spec), plan.training.train ?? 'all');
  const initial = sampleWeights(createInitialWeights(spec));
  const timed = await using(await create(), async (classifier) => ({
    fit: await observeFit(
      classifier,
      images.train(plan.trainCount),
      options.timed,
      { initial, split },
      // As a trial evaluates its epochs.
      ({ predict }) =>
        predict?.(images.test) ??
        predictBatches(classifier, images.test, spec, INFERENCE_BATCH_SIZES[0]),
    ),
    answers: await observeAnswers(classifier, images.test, spec),
  }));
  const parts = await using(await create(), async (classifier) => {
    const initialLogits = await classifier.predictLogits(images.test.pixels, images.test.count);
    const gradient = split ? {} : await observeGradient(classifier, gradientBatch(plan, images));
    const fits: Partial<Record<GateFit, FitOutcome>> = {};
    for (const fit of ['single', 'momentum', 'betas'] as const) {
      const outcome = await unlessUnsupported(() =>
        observeFit(classifier, images.train(counts[fit]), options[fit], { initial, split }),
      );
      if (outcome) fits[fit] = outcome;
    }
    // Of layers that are trained alone, what a step at rate 1 has applied.
    const applied = split && fits.single ? appliedGradient(fits.single) : {};
    return { initialLogits, ...gradient, ...applied, fits };
  });
  return {
    ...parts,
    initialWeights: initial,
    fits: { ...parts.fits, timed: timed.fit },
    predictions: timed.answers.bySize[INFERENCE_BATCH_SIZES[0]],
    answers: timed.answers,
  };
}

/** The batch whose gradient is compared: the first that a fit on as many images would see. */
export function gradientBatch(plan: GatePlan, images: GateImages): TrainingBatch {
  const { spec, training, gradientCount } = plan;
  const { masks } = networkOf(spec);
  const { augmentation = 'horizontal-flip' } = training;
  const order = createTrainingPlan({
    ...{
      seed: spec.seed,
      imageCount: gradientCount,
      batchSize: gradientCount,
      augmentation,
      masks,
    },
  });
  const [batch] = epochBatches(order, 1, images.train(gradientCount), spec);
  return batch as TrainingBatch;
}

async function observeGradient(classifier: CnnClassifier, batch: TrainingBatch) {
  const { loss, gradients } = await classifier.computeGradients(batch);
  return { gradientLoss: loss, gradients: sampleWeights(gradients) };
}

/** What a fit begins with, and which part of it is trained. */
interface Begun {
  readonly initial: Samples;
  readonly split: SplitNetwork | undefined;
}

async function observeFit(
  classifier: CnnClassifier,
  images: TrainingImages,
  options: TrainingOptions,
  begun: Begun,
  evaluate: (result: EpochResult) => Promise<unknown> = async () => {},
): Promise<FitOutcome> {
  const { epochs = 1, batchSize = 32 } = options;
  const stepsPerEpoch = Math.ceil(images.count / batchSize);
  const steps: ReportedStep[] = [];
  const epochLosses: number[] = [];
  await classifier.fit(images, {
    ...options,
    onProgress: ({ completed, total, epoch = null, loss = null }) => {
      const before = (steps.length % stepsPerEpoch) * batchSize;
      const size = Math.min(batchSize, images.count - before);
      steps.push({ completed, total, epoch, loss, images: size });
    },
    onEpochEnd: async (result) => {
      epochLosses.push(result.trainLoss);
      await evaluate(result);
    },
  });
  const after = sampleWeights(await classifier.getWeights());
  const rateSum = peakRate(options) * epochs * stepsPerEpoch;
  return { steps, epochLosses, ...changesOf(after, begun), rateSum };
}

/** Of the layers that are trained; what the others moved by is told apart. */
function changesOf(
  after: Samples,
  { initial, split }: Begun,
): Pick<FitOutcome, 'changes' | 'frozenChange'> {
  const all = subtractSamples(after, initial);
  if (!split) return { changes: all };
  const frozen = { ...split.trunk.weightShapes, ...split.trunk.stateShapes };
  const entries = Object.entries(all);
  const still = entries.filter(([name]) => Object.hasOwn(frozen, name));
  const moves = still.map(([, values]) =>
    values.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
  );
  return {
    changes: Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(frozen, name))),
    frozenChange: Math.max(0, ...moves),
  };
}

async function observeAnswers(
  classifier: CnnClassifier,
  test: LabelledImages,
  spec: ModelSpec,
): Promise<GateAnswers> {
  const bySize: Record<number, Float32Array> = {};
  for (const size of INFERENCE_BATCH_SIZES) {
    const asked = firstImages(test, FEW_IMAGES[size] ?? test.count, spec);
    bySize[size] = await predictBatches(classifier, asked, spec, size);
  }
  const logits = await classifier.predictLogits(test.pixels, test.count);
  const reversed = await classifier.predict(reverseRows(test.pixels, test.count), test.count);
  return {
    bySize,
    reversed: reverseRows(reversed, test.count),
    fromLogits: Float32Array.from(softmaxRows(logits, logits.length / test.count)),
  };
}

function firstImages(test: LabelledImages, most: number, size: ModelSpec): LabelledImages {
  const count = Math.min(most, test.count);
  const pixels = test.pixels.subarray(0, count * bytesPerImage(size));
  return { pixels, labels: test.labels.subarray(0, count), count };
}

/** The last of `count` rows first. */
function reverseRows<T extends Uint8Array | Float32Array>(values: T, count: number): T {
  const reversed = values.slice() as T;
  const length = values.length / count;
  for (let row = 0; row < count; row++) {
    reversed.set(values.subarray(row * length, (row + 1) * length), (count - 1 - row) * length);
  }
  return reversed;
}

/** An engine may lack an optimiser; whatever else goes wrong is a failure. */
async function unlessUnsupported<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    if (isDlcmpError(error) && error.code === 'INVALID_ARGUMENT') return undefined;
    throw error;
  }
}

async function using<T>(
  classifier: CnnClassifier,
  task: (classifier: CnnClassifier) => Promise<T>,
): Promise<T> {
  try {
    return await task(classifier);
  } finally {
    await classifier.dispose();
  }
}

/** @throws `INVALID_ARGUMENT` where the adapter is none of a network */
export function assertCnn(adapter: { id: string; family: string }): asserts adapter is CnnAdapter {
  if (adapter.family === 'cnn') return;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `${adapter.id} is no CNN, and only CNNs are compared step by step. Choose one.`,
  );
}
