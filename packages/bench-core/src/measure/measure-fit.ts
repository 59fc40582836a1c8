import type {
  Adapter,
  Classifier,
  CnnClassifier,
  CnnFitOptions,
  FitProgress,
  FitSummary,
  LabelledImages,
  ModelSpec,
  ScheduleSpec,
  TrainingImages,
} from '@dlcmp/contract';
import { measureQuality } from '../metrics/quality';
import type { EpochMeasurement } from '../results/bench-results';
import type { TrialAudit } from './audits/trial-audit';
import { type Clock, timed } from './clock';
import { predictBatches } from './predict-batches';

/** As they can be sent to a process: a schedule is data. */
export type TrainingOptions = Omit<
  CnnFitOptions,
  'signal' | 'onProgress' | 'onEpochEnd' | 'schedule'
> & {
  readonly schedule?: ScheduleSpec;
};

/** The highest learning rate of `training`. */
export function peakRate({ schedule, learningRate = 1e-3 }: TrainingOptions): number {
  return schedule?.learningRate ?? learningRate;
}

/** The same on all images: of a few none can be held back. */
export function withoutValidation(training: TrainingOptions): TrainingOptions {
  const { validation: _share, patience: _epochs, ...all } = training;
  return all;
}

export interface FitMeasurement {
  readonly summary: FitSummary;
  readonly trainSeconds: number;
  readonly firstStepSeconds: number | null;
  readonly evaluationSeconds: number;
  /** Looking on after each epoch. */
  readonly watchSeconds: number;
  readonly epochs: readonly EpochMeasurement[];
}

/** Progress of `fit`, with its pace. */
export interface PacedProgress extends FitProgress {
  /** CNNs: images trained on per second of the epoch under way. */
  readonly imagesPerSecond?: number;
}

interface FitInput {
  readonly family: Adapter['family'];
  readonly classifier: Classifier;
  readonly spec: ModelSpec;
  readonly train: TrainingImages;
  readonly test: LabelledImages;
  readonly training: TrainingOptions;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly audit: TrialAudit;
  readonly onProgress: (progress: PacedProgress) => void;
  readonly onEpoch: (epoch: EpochMeasurement) => void;
}

/** Trains `classifier` and times it; a CNN is evaluated on the test set after every epoch. */
export function measureFit(input: FitInput): Promise<FitMeasurement> {
  return input.family === 'cnn' ? measureCnnFit(input) : measureForestFit(input);
}

async function measureForestFit(input: FitInput): Promise<FitMeasurement> {
  const { classifier, train, signal, onProgress, clock } = input;
  const start = clock();
  // Whoever reads a forest's images reads them into memory.
  const summary = await classifier.fit(train as LabelledImages, { signal, onProgress });
  const trainSeconds = clock() - start;
  return {
    ...{ summary, trainSeconds, firstStepSeconds: null, epochs: [] },
    ...{ evaluationSeconds: 0, watchSeconds: 0 },
  };
}

async function measureCnnFit(input: FitInput): Promise<FitMeasurement> {
  const { train, training, signal, clock, audit, onProgress, onEpoch } = input;
  const { test, spec } = input;
  const classifier = input.classifier as CnnClassifier;
  const trainedImages = audit.trainedImages(train);
  const epochs: EpochMeasurement[] = [];
  const start = clock();
  let epochStart = start;
  let firstStepSeconds: number | null = null;
  let steps = 0;
  let watchSeconds = 0;
  const summary = await classifier.fit(audit.counting(train), {
    ...training,
    signal,
    onProgress: ({ losses, ...progress }) => {
      const now = clock();
      audit.progress({ ...progress, ...(losses && { losses }) });
      firstStepSeconds ??= now - start;
      steps++;
      const images = Math.min(steps * (training.batchSize ?? DEFAULT_BATCH_SIZE), trainedImages);
      onProgress({ ...progress, imagesPerSecond: images / (now - epochStart) });
    },
    onEpochEnd: async ({ epoch, trainLoss, validation, predict }) => {
      const trainSeconds = clock() - epochStart;
      const isBest = validation?.isBest ?? true;
      const evaluationStart = clock();
      const probabilities = await (predict?.(test) ?? evaluate(input));
      const { accuracy } = measureQuality(probabilities, test.labels, spec.classNames);
      const evaluationSeconds = clock() - evaluationStart;
      const trainImagesPerSecond = trainedImages / trainSeconds;
      epochs.push({
        epoch,
        trainSeconds,
        trainImagesPerSecond,
        trainLoss,
        ...(validation && {
          validationLoss: validation.loss,
          validationAccuracy: validation.accuracy,
        }),
        accuracy,
        evaluationSeconds,
      });
      onEpoch(epochs[epochs.length - 1] as EpochMeasurement);
      watchSeconds += (
        await timed(clock, () => audit.epochEnded(classifier, probabilities, isBest))
      ).seconds;
      steps = 0;
      epochStart = clock();
    },
  });
  return {
    summary,
    // What `fit` does after its last epoch belongs to training too.
    trainSeconds: sum(epochs.map((epoch) => epoch.trainSeconds)) + (clock() - epochStart),
    firstStepSeconds,
    evaluationSeconds: sum(epochs.map((epoch) => epoch.evaluationSeconds)),
    watchSeconds,
    epochs,
  };
}

/** As `CnnFitOptions` has it. */
const DEFAULT_BATCH_SIZE = 32;
const EVALUATION_BATCH_SIZE = 32;

function evaluate({ classifier, test, spec }: FitInput): Promise<Float32Array> {
  return predictBatches(classifier, test, spec, EVALUATION_BATCH_SIZE);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
