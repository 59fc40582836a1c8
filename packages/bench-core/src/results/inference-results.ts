import type { ImageModel, ModelSources } from '@dlcmp/contract';
import type { McNemarTest } from '../metrics/mcnemar';
import type { RatioInterval } from '../metrics/paired-ratio';
import type { MachineSummary } from './bench-results';

/** What `infer.json` holds: models that were trained elsewhere, in every runtime that opens them. */
export interface InferenceResults {
  readonly schemaVersion: 1;
  readonly kind: 'inference';
  /** ISO 8601. */
  readonly startedAt: string;
  readonly machine: MachineSummary;
  readonly configuration: InferenceConfiguration;
  readonly models: readonly InferredModel[];
  readonly runs: readonly InferenceRun[];
  /** Of models in fewer bits against the first in float32; empty without labels. */
  readonly precisions: readonly PrecisionVerdict[];
  /** Of runs whose answers agree. */
  readonly comparisons: readonly InferenceComparison[];
}

export interface InferenceConfiguration {
  readonly threads: number;
  /** Processes that each run is measured in; 0 where nothing was measured. */
  readonly repeats: number;
  readonly seed: number;
  /** Images that were answered. */
  readonly images: number;
  readonly isLabelled: boolean;
  /** Largest difference of a probability between answers that agree, of models in float32. */
  readonly tolerance: number;
}

/** A model on disk. */
export interface InferredModel {
  readonly path: string;
  readonly format: string;
  readonly precision: InferencePrecision;
  readonly fileBytes: number;
  /** As the first runtime that opened it has it; absent where none did. */
  readonly description?: ImageModel | undefined;
  readonly sources?: ModelSources | undefined;
}

export type InferencePrecision = 'fp32' | 'fp16' | 'int8';

/** A model in a runtime. */
export type InferenceRun = InferenceAnswered | InferenceRefused;

interface RunIdentity {
  /** Index among the models. */
  readonly model: number;
  readonly runtime: string;
  /** The model's file name and the runtime. */
  readonly title: string;
}

export interface InferenceRefused extends RunIdentity {
  readonly status: 'refused';
  /** With the next step. */
  readonly reason: string;
}

export interface InferenceAnswered extends RunIdentity {
  readonly status: 'answered';
  readonly versions: Readonly<Record<string, string>>;
  /** Against the run that answers are held against; absent of that one itself, and where classes are others. */
  readonly difference?: InferenceDifference | undefined;
  /** Whether answers are those of the run that they are held against. */
  readonly agrees: boolean;
  /** Of the most probable class, 0–1; absent without labels. */
  readonly accuracy?: number | undefined;
  /** Python's check of pixels and tensors. */
  readonly preparation?:
    | { readonly tensor: number; readonly bytes: number | null; readonly bytesShare: number | null }
    | undefined;
  /** One a process; empty where nothing was measured. */
  readonly measured: readonly InferenceMeasurement[];
  /** Why measuring failed. */
  readonly notes: readonly string[];
}

export interface InferenceDifference {
  /** Title of the run, or the file, that answers are held against. */
  readonly against: string;
  /** Largest difference of a probability. */
  readonly largest: number;
  /** Share of images with the same most probable class, 0–1. */
  readonly agreement: number;
  /** The fault with which the answers are the same, where one was found. */
  readonly explanation?:
    | { readonly fault: string; readonly words: string; readonly remaining: number }
    | undefined;
}

/** Figures of one process. */
export interface InferenceMeasurement {
  readonly loadSeconds: number;
  /** Of the first answer. */
  readonly firstSeconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly throughput: readonly { readonly batchSize: number; readonly imagesPerSecond: number }[];
  readonly peakRssBytes: number;
}

/** A model in fewer bits against the one in float32, on the same images. */
export interface PrecisionVerdict extends McNemarTest {
  readonly model: number;
  readonly reference: number;
  readonly precision: InferencePrecision;
  readonly accuracy: number;
  readonly referenceAccuracy: number;
  /** `kept`: at least 99% of float32's accuracy. `lost`: less, beyond chance. `undecided`: less, by too few images to tell. */
  readonly verdict: 'kept' | 'lost' | 'undecided';
}

/** Two runs that answer the same, on one figure. */
export interface InferenceComparison {
  readonly left: string;
  readonly right: string;
  readonly figure: InferenceFigure;
  /** left / right: below 1, the left takes less. */
  readonly ratio: RatioInterval;
  /** After Holm's correction over all pairs of this figure; null below two processes. */
  readonly correctedPValue: number | null;
  readonly winner: 'left' | 'right' | null;
}

/** `latency`: median of single images. `throughput`: time an image in batches of 32. */
export type InferenceFigure = 'latency' | 'throughput';
