import type { ComputedPart, Division } from '@dlcmp/contract';
import type { Check } from './checks';
import type { DeploymentMeasurement } from './deployment-result';
import type { ScenarioOutcome } from './scenarios';
import type { ServerMeasurement } from './server-result';
import type { SoakMeasurement } from './soak-result';
import type { TrainingRecord } from './training-record';

export interface TrialIdentity {
  readonly adapter: string;
  /** The engine's title. */
  readonly displayName: string;
  readonly backend: string;
  /** As users type it: `onnx:graph@cuda`; absent = an older dlcmp wrote it. */
  readonly contender?: string | undefined;
  readonly seed: number;
  /** Which of the seed's processes, from 1; absent = the first. */
  readonly repeat?: number | undefined;
  /** How often it was run until the machine was left to it; absent = once. */
  readonly attempts?: number | undefined;
  /** In a `--matrix` run, what this trial was run with; absent = as the configuration says. */
  readonly settings?: TrialSettings | undefined;
  /** Name of the machine it ran on; absent = an older dlcmp wrote it. */
  readonly machine?: string | undefined;
  /** When its process was started, ISO 8601 in UTC; absent = an older dlcmp wrote it. */
  readonly startedAt?: string | undefined;
  /** From spawning the trial's process to its exit, `phases.scenarioSeconds` left out. */
  readonly totalSeconds: number;
  /** What was seen from outside of the trial's process; absent = nobody looked. */
  readonly conditions?: TrialConditions | undefined;
}

/** What a trial's process cost and the machine went through meanwhile; null = can't be read here. */
export interface TrialConditions {
  /** Highest resident memory among the samples, the trial's process and those below it together. */
  readonly peakRssBytes: number | null;
  /** Median resident memory of the samples while training. */
  readonly steadyRssBytes: number | null;
  /** Most of the process that was swapped out. */
  readonly swapBytes: number | null;
  /** Time for which the cgroup's quota held this container's processes back, summed over cores. */
  readonly throttledSeconds: number | null;
  /** Mean utilisation of the busiest GPU while training, 0–1. */
  readonly gpuUtilization: number | null;
  /** The busiest GPU while training; null = none can be read here. Absent = nobody looked. */
  readonly gpu?: GpuConditions | null | undefined;
  /** Time of a fixed computation before and after the trial: longer = something else was running. */
  readonly noiseProbe: { readonly beforeSeconds: number; readonly afterSeconds: number } | null;
}

/** What was seen of a GPU, other programs on it included; null = it does not tell. */
export interface GpuConditions {
  readonly name: string;
  /** Share of the time while training in which a kernel ran, 0–1. */
  readonly utilization: number | null;
  /** Most of its memory in use during the trial. */
  readonly peakMemoryBytes: number | null;
  /** Power drawn, summed over the time of training. */
  readonly trainEnergyJoules: number | null;
}

/** What a `--matrix` varies from trial to trial. */
export interface TrialSettings {
  /** Side of the square input in pixels. */
  readonly imageSize: number;
  /** null = the adapter trains without batches. */
  readonly batchSize: number | null;
  /** null = the adapter has none. */
  readonly learningRate: number | null;
}

/** One adapter, one backend, one seed: trained and evaluated in a process of its own. */
export type TrialResult = CompletedTrial | FailedTrial | AbortedTrial;

export interface CompletedTrial extends TrialIdentity, TrialMeasurements {
  readonly status: 'completed';
  /** Memory over many requests, `--scenario soak`; absent = not asked for. */
  readonly soak?: ScenarioOutcome<SoakMeasurement> | undefined;
  /** Behind a server, `--scenario server`; absent = not asked for. */
  readonly server?: ScenarioOutcome<ServerMeasurement> | undefined;
  /** Size, cold start and memory, `--scenario deployment`; absent = not asked for. */
  readonly deployment?: ScenarioOutcome<DeploymentMeasurement> | undefined;
}

export interface FailedTrial extends TrialIdentity {
  readonly status: 'failed';
  readonly error: TrialError;
}

export interface AbortedTrial extends TrialIdentity {
  readonly status: 'aborted';
  readonly error: TrialError;
}

export interface TrialError {
  /**
   * Code of a `DlcmpError`; `CRASHED` for a process that ended without an answer, `TIMEOUT` for one that was stopped;
   * `INVALID_RESULT` where a figure is not finite or out of range; or `UNKNOWN`.
   */
  readonly code: string;
  readonly message: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The end of what the process wrote to standard error. */
  readonly stderrTail: string;
}

/** What a trial measured from inside its process. Times are wall-clock seconds, monotonic. */
export interface TrialMeasurements extends Quality {
  readonly family: 'forest' | 'cnn';
  /** Whether every operator is the framework's own; absent where an adapter does not say. */
  readonly division?: Division | undefined;
  /** Who computes each part; absent where an adapter does not say. */
  readonly computedBy?: readonly ComputedPart[] | undefined;
  readonly device: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly trainCount: number;
  readonly testCount: number;
  readonly phases: PhaseSeconds;
  /** All of training, evaluation between epochs left out. */
  readonly trainSeconds: number;
  readonly trainImagesPerSecond: number;
  readonly epochs: readonly EpochMeasurement[];
  /** The whole test set in batches, after a warm-up batch. */
  readonly inferenceSeconds: number;
  readonly inferenceImagesPerSecond: number;
  readonly inferenceBatchSize: number;
  readonly latency: Latency;
  /** Inference by batch size; absent where it was not measured. */
  readonly throughput?: readonly BatchThroughput[] | undefined;
  /** The model as saved; absent where it was not measured. */
  readonly savedModel?: SavedModelMeasurement | undefined;
  /** When training first reached `configuration.targetAccuracy`; absent where none was asked for. */
  readonly timeToAccuracy?: TimeToAccuracy | undefined;
  /** Highest resident memory of the trial's process. */
  readonly peakRssBytes: number;
  /** Processor time of the trial's process, user and system, all threads. */
  readonly cpuSeconds: number;
  /** Of these, during `fit` (evaluation between epochs included). */
  readonly fitCpuSeconds: number;
  /** Energy of the processor packages during `fit`; null = this machine doesn't let it be read. */
  readonly fitEnergyJoules: number | null;
  /** The adapter's own word on how it trained. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly notes: readonly string[];
  /** What was checked about this trial; absent = an older dlcmp wrote it. */
  readonly checks?: readonly Check[] | undefined;
  /** Whether all of `checks` passed; else its contender is ranked nowhere. Absent = an older dlcmp wrote it. */
  readonly comparable?: boolean | undefined;
  /** Of CNNs, what their training is compared by; absent = an older dlcmp wrote it. */
  readonly training?: TrainingRecord | undefined;
}

export interface PhaseSeconds {
  /** Importing the adapter's module. */
  readonly importSeconds: number;
  /** `create`: loading the framework and building the model. */
  readonly createSeconds: number;
  /** Reading the decoded pixels. */
  readonly dataSeconds: number;
  /** CNNs: from `fit` to the end of its first step; null for forests. */
  readonly firstStepSeconds: number | null;
  /** All evaluations between epochs. */
  readonly evaluationSeconds: number;
  readonly saveSeconds: number;
  /**
   * Latency, throughput by batch size and loading the model again: measurements that no script
   * makes, left out of `totalSeconds`. Absent = not measured apart.
   */
  readonly scenarioSeconds?: number | undefined;
  /** Of these, reading the weights after each epoch, while `fit` waits. */
  readonly watchSeconds?: number | undefined;
}

export interface EpochMeasurement {
  readonly epoch: number;
  readonly trainSeconds: number;
  readonly trainImagesPerSecond: number;
  /** Mean cross-entropy over the epoch, dropout on. */
  readonly trainLoss: number;
  /** Mean cross-entropy of the images held back; absent where none are. */
  readonly validationLoss?: number | undefined;
  /** Of the images held back, 0–1; absent where none are. */
  readonly validationAccuracy?: number | undefined;
  /** On the test set after the epoch, 0–1. */
  readonly accuracy: number;
  readonly evaluationSeconds: number;
}

/** Offline inference: as many images as possible, in batches of one size, after a warm-up. */
export interface BatchThroughput {
  readonly batchSize: number;
  readonly imagesPerSecond: number;
  /** Images predicted while the clock ran. */
  readonly images: number;
  readonly seconds: number;
}

/** A saved model, loaded again in the same process. */
export interface SavedModelMeasurement {
  /** All files of the model's folder. */
  readonly sizeBytes: number;
  /** The framework itself is in memory already. */
  readonly loadSeconds: number;
  /** On the test set, 0–1. */
  readonly accuracy: number;
}

/** Training until the test accuracy first reaches a target; evaluation is left out of the time. */
export interface TimeToAccuracy {
  /** 0–1 */
  readonly target: number;
  /** null = not reached. */
  readonly trainSeconds: number | null;
  /** null = not reached, or the classifier has no epochs. */
  readonly epochs: number | null;
}

/** Latency of predicting one image at a time, after warm-up. */
export interface Latency {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  /** null = fewer than the 2,000 samples it takes; absent = not measured. */
  readonly p999Ms?: number | null | undefined;
  /** The first image that the model predicted after it was loaded again. */
  readonly firstCallMs?: number | undefined;
  readonly samplesMs: readonly number[];
}

/** How well a model predicts the test set. */
export interface Quality {
  /** 0–1 */
  readonly accuracy: number;
  /** Mean negative log-probability of the true class, probabilities clipped at 1e-15. */
  readonly logLoss: number;
  /** [true class][predicted class] counts. */
  readonly confusionMatrix: readonly (readonly number[])[];
  readonly perClass: readonly ClassQuality[];
  /** Predicted class of every test image, in the data set's order. */
  readonly predictedLabels: readonly number[];
}

/** Precision, recall and F1 of one class, 0–1; 0 where undefined, as scikit-learn reports it. */
export interface ClassQuality {
  readonly className: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Test images of the class. */
  readonly support: number;
}
