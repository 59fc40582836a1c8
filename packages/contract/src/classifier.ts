import type { LabelledImages, TrainingImages } from './images';
import type { TrainedLayers } from './network/split-network';
import type { OptimizerSpec } from './optimizers/optimizer-options';
import type { LearningRateSchedule } from './schedules/learning-rate-schedule';
import type { ScheduleSpec } from './schedules/schedule-spec';
import type { Augmentation, TrainingBatch } from './training-plan';
import type { Weights } from './weights';

/** Adam (Kingma and Ba 2015, "Adam: a method for stochastic optimization"), without weight decay. */
export interface AdamOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** Decay of the first and second moment. Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
}

export interface FitProgress {
  readonly unit: 'step' | 'tree';
  /** Steps or trees finished since `fit` began. */
  readonly completed: number;
  readonly total: number;
  /** CNNs: the epoch under way, from 1. */
  readonly epoch?: number;
  /** CNNs: cross-entropy of the batch just trained on. */
  readonly loss?: number;
  /**
   * CNNs: cross-entropy of each step whose loss has come in since the last call, in the steps' order. Of every step there is
   * one in the end; a GPU's come late, up to 32 at a time.
   */
  readonly losses?: readonly number[];
}

/** How a model does on the images that `CnnFitOptions.validation` holds back. */
export interface ValidationResult {
  /** Mean cross-entropy, without label smoothing. */
  readonly loss: number;
  /** 0–1 */
  readonly accuracy: number;
  /** Whether the loss is lower than after every epoch before. */
  readonly isBest: boolean;
}

export interface EpochResult {
  /** From 1. */
  readonly epoch: number;
  /** Mean cross-entropy over the epoch's images, dropout on, each before its batch's update. */
  readonly trainLoss: number;
  /** Where images are held back, how the model does on them. */
  readonly validation?: ValidationResult;
  /**
   * Where layers are frozen: probabilities of `images` by the model as it is now, [count × classes]. What the frozen layers make of
   * them is computed when they are first handed in, and kept until the fit is over.
   */
  readonly predict?: (images: TrainingImages) => Promise<Float32Array>;
}

export interface FitOptions {
  readonly signal?: AbortSignal;
  /** Called after every step or tree. */
  readonly onProgress?: (progress: FitProgress) => void;
}

export interface CnnFitOptions extends FitOptions, AdamOptions {
  /**
   * Which layers are trained. What the others compute of an image is computed once, with their normalisations as in inference,
   * so that images are not augmented. Default `all`.
   */
  readonly train?: TrainedLayers;
  /** Default 10. */
  readonly epochs?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** Default `horizontal-flip`: each image is mirrored with probability ½ in each epoch; `none` where layers are frozen. */
  readonly augmentation?: Augmentation;
  /** Awaited after every epoch; the classifier can `predict` meanwhile. */
  readonly onEpochEnd?: (result: EpochResult) => void | Promise<void>;
  /** In the place of `betas` and `epsilon`. Default `adam()`. */
  readonly optimizer?: OptimizerSpec;
  /** In the place of `learningRate`. Default `constantSchedule(learningRate)`. */
  readonly schedule?: LearningRateSchedule | ScheduleSpec;
  /**
   * The highest learning rate of the last dense layer, along the same schedule, which must be data then, no function. Default:
   * that of the other layers.
   */
  readonly headLearningRate?: number;
  /** Largest global norm of the gradients; beyond, they are scaled down. Default: no limit. */
  readonly gradientClipping?: number;
  /** Share of the target that is spread evenly over all classes, 0 ≤ share < 1. Default 0. */
  readonly labelSmoothing?: number;
  /**
   * Share of the training images, 0 < share < 1 of each class, that is held back: the seed says which. Each epoch is judged by
   * them, and the model ends with the weights of the epoch whose loss on them is lowest. Default: none is.
   */
  readonly validation?: number;
  /** Epochs without a lower validation loss after which training stops. Default: it goes on to the last. */
  readonly patience?: number;
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

/** What a fit tells about itself beyond the trained model. */
export interface FitSummary {
  /** Settings that decide the result and are not in the spec, for reports: `engine`, `trees` … */
  readonly details: Readonly<Record<string, string | number | boolean>>;
  /** Sentences a reader of the result must know, e.g. that rows were subsampled. */
  readonly notes: readonly string[];
}

/** What the operating system has counted for a process so far. */
export interface ResourceUsage {
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  /** Highest resident memory since the process began. */
  readonly peakRssBytes: number;
}

/** A model that can be trained, asked, saved and freed. */
export interface Classifier<Options extends FitOptions = FitOptions> {
  /**
   * Trains from the spec's initial state on `images`; a second call forgets the first. The same
   * spec, images and options give the same model.
   *
   * @throws `INVALID_ARGUMENT`, `ABORTED`, `DIVERGED`, `DISPOSED`
   */
  fit(images: LabelledImages, options?: Options): Promise<FitSummary>;
  /**
   * Class probabilities of `count` images: row-major [count × classes], each row summing to 1.
   * The answer for an image does not depend on its neighbours.
   *
   * @throws `INVALID_ARGUMENT`, `NOT_FITTED`, `DISPOSED`
   */
  predict(pixels: Uint8Array, count: number): Promise<Float32Array>;
  /**
   * Writes the model into `directory` (created where missing), with the `model.json` of
   * `writeModelManifest`.
   *
   * @throws `NOT_FITTED`, `DISPOSED`; `DIVERGED` where weights are not finite, and no model is left
   */
  save(directory: string): Promise<void>;
  /**
   * Of the process that computes, where that is not the caller's own: an adapter in another
   * language. Absent elsewhere.
   */
  resourceUsage?(): Promise<ResourceUsage>;
  /** Frees native memory. Idempotent; afterwards every other method throws `DISPOSED`. */
  dispose(): Promise<void>;
}

/** A CNN: besides, its parts can be driven and looked at one by one. */
export interface CnnClassifier extends Classifier<CnnFitOptions> {
  /** As {@link Classifier.fit}; images may be fetched from a file, batch by batch. */
  fit(images: TrainingImages, options?: CnnFitOptions): Promise<FitSummary>;
  /** The current weights, copied. */
  getWeights(): Promise<Weights>;
  /** Scores before softmax, dropout off: row-major [count × classes]. Works untrained. */
  predictLogits(pixels: Uint8Array, count: number): Promise<Float32Array>;
  /**
   * One Adam step on the mean cross-entropy of `batch`, dropout by its mask. The moments carry on
   * from the previous step; `fit` starts them anew.
   *
   * @returns the loss before the update
   */
  trainStep(batch: TrainingBatch, adam?: AdamOptions): Promise<number>;
  /** Gradients of the mean cross-entropy of `batch`, dropout by its mask; nothing is updated. */
  computeGradients(batch: TrainingBatch): Promise<{ loss: number; gradients: Weights }>;
}
