import type { FitSummary, ResourceUsage } from '../classifier';
import type { TrainingImages } from '../images';
import type { Network } from '../network/resolve-network';
import type { OptimizerSpec } from '../optimizers/optimizer-options';
import type { TrainingBatch, TrainingPlan } from '../training-plan';
import type { Weights } from '../weights';

/**
 * - `as-published`: every operator is the framework's own, as its users call them.
 * - `with-kernels`: some or all operators are kernels of dlcmp.
 */
export type Division = 'as-published' | 'with-kernels';

/** What a part of the computation is done by: the framework, this project, or both in the words of a table. */
export interface ComputedPart {
  /** `convolution`, `matrix products`, `pooling`, `batch norm`, `activations`, `loss`, `optimiser`; of forests `trees`. */
  readonly part: string;
  readonly by: 'framework' | 'dlcmp';
  /** Whose code it is: `ONNX Runtime's Conv`, `WebAssembly kernels of dlcmp (Winograd)`. */
  readonly what: string;
}

/** Where an engine computes. */
export type Device = 'cpu' | 'cuda' | 'webgpu';

export interface AvailableEngine {
  readonly engine: string;
  readonly device: Device;
  readonly available: true;
  /** `CPU`, or a GPU's name. */
  readonly hardware: string;
  /** Version of each JavaScript library and native library it stands on, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

export interface UnavailableEngine {
  readonly engine: string;
  readonly device: Device;
  readonly available: false;
  /** Why it cannot run here. */
  readonly reason: string;
  /** What would make it run, where something would. */
  readonly remedy?: string;
}

/** Whether an engine can run on a device of this machine. */
export type EngineProbe = AvailableEngine | UnavailableEngine;

export interface OpenOptions {
  readonly device: Device;
  /** Threads the framework may compute with. Default: the framework's own choice. */
  readonly threads?: number;
}

/** What tables and lists of contenders say of an engine, of forests' too. */
export interface EngineDescription {
  /** As users type it, kebab-case: `graph`, in `onnx:graph@cuda`. */
  readonly id: string;
  /** Its row in a table, framework first: `ONNX Runtime, own operators`. */
  readonly title: string;
  /** Where it may compute; the first is the default. */
  readonly devices: readonly Device[];
  /** Who computes each part, for tables. */
  readonly computedBy: readonly ComputedPart[];
}

/** A named way to compute networks: one folder of an adapter. Heavy libraries are loaded by `probe` and `open` alone. */
export interface Engine extends EngineDescription {
  /** Optimisers that {@link TrainableModel.step} knows. */
  readonly optimizers: readonly OptimizerSpec['kind'][];
  /** Whether steps can clip gradients by their global norm. */
  readonly clipsGradients: boolean;
  /** Where steps can move weights at rates of their own, `UpdateSettings.rateFactors`. Default: nowhere. */
  readonly ratesByWeight?: readonly Device[];
  /** Whether it can run here. May throw where the machine cannot even be asked. */
  probe(
    device: Device,
  ): Promise<
    Omit<AvailableEngine, 'engine' | 'device'> | Omit<UnavailableEngine, 'engine' | 'device'>
  >;
  /** `true`, or why it does not compute `network`, naming the node: `it has no gelu (node "act3")`. */
  supports(network: Network): true | string;
  /**
   * Loads the framework and makes ready; weights are undefined until they are written.
   *
   * @throws `INVALID_ARGUMENT`, `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`
   */
  open(network: Network, options: OpenOptions): Promise<TrainableModel>;
}

/** The division that follows from who computes what. */
export function divisionOf({ computedBy }: Pick<EngineDescription, 'computedBy'>): Division {
  return computedBy.every(({ by }) => by === 'framework') ? 'as-published' : 'with-kernels';
}

/** How one step moves the weights. */
export interface UpdateSettings {
  readonly optimizer: OptimizerSpec;
  /** Of this step. */
  readonly learningRate: number;
  /** Largest global norm of the gradients; beyond, they are scaled down. Default: no limit. */
  readonly gradientClipping?: number;
  /** Share of the target that is spread evenly over all classes, 0 ≤ share < 1. */
  readonly labelSmoothing: number;
  /** By a weight's name: what its learning rate is multiplied by. Default: 1 for all. */
  readonly rateFactors?: Readonly<Record<string, number>>;
}

/** What a step found. Where one of its numbers is not finite, the weights are of no use any more. */
export interface StepResult {
  /** Mean loss of the batch before the update. */
  readonly loss: number;
  /** Global norm of the gradients, where they are clipped. */
  readonly gradientNorm?: number;
}

/** A step that is being computed elsewhere, on a GPU say. Reading it waits for it, and for all before it. */
export interface DeferredStep {
  read(): Promise<StepResult>;
}

/** An epoch for a model that goes through it by itself. */
export interface EpochTask {
  readonly images: TrainingImages;
  readonly plan: TrainingPlan;
  /** From 1. */
  readonly epoch: number;
  /** How many the whole run has. */
  readonly epochs: number;
  readonly batchSize: number;
  readonly learning: Omit<UpdateSettings, 'learningRate'>;
  /** One for each step of the epoch. */
  readonly learningRates: Float64Array;
  readonly signal?: AbortSignal;
  /** Takes the steps' results in their order. Where it throws, training stops with that error. */
  report(result: StepResult): void;
}

/** Moments of an optimiser, by the weight's name and theirs, such as `conv1.weight.mean`, and steps so far. */
export interface OptimizerState {
  readonly stepCount: number;
  readonly moments: Readonly<Record<string, Float32Array>>;
}

export type InferenceOutput = 'logits' | 'probabilities';

/**
 * A network in an engine. Its methods are called one at a time: `NetworkClassifier` sees to it. There is one copy of the
 * weights, in the engine's own layout, for training and inference.
 */
export interface TrainableModel {
  /** Weights and state under PyTorch's names, copied. */
  readWeights(): Promise<Weights>;
  /** Replaces weights and state; the optimiser's moments stay. */
  writeWeights(weights: Weights): Promise<void>;
  /** Updates the weights once; the batch's memory may be overwritten when the promise is kept. */
  step(batch: TrainingBatch, update: UpdateSettings): Promise<StepResult | DeferredStep>;
  /**
   * In the place of steps, where they are taken in another process: an epoch of them, with the batches of its plan. Such a
   * model is not asked for its optimiser, so it keeps no checkpoints.
   *
   * @returns what is to be known of the training so far, the whole run's
   * @throws what `task.report` throws; `ABORTED`
   */
  trainEpoch?(task: EpochTask): Promise<FitSummary>;
  /** Loss and gradient of every weight, dropout by the batch's masks; weights and state stay. */
  computeGradients(
    batch: TrainingBatch,
    labelSmoothing: number,
  ): Promise<{ loss: number; gradients: Weights }>;
  /** One row for each of `count` images, of whatever number: [count × classes], dropout off. */
  infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array>;
  /** Forgets all steps: moments are 0, the next step is the first. */
  resetOptimizer(): Promise<void>;
  /** A copy; without moments before the first step. */
  readOptimizer(): Promise<OptimizerState>;
  /** Goes on from `state`, of an optimiser of the same kind. */
  writeOptimizer(state: OptimizerState, optimizer: OptimizerSpec): Promise<void>;
  /** Of the process that computes, where that is not the caller's own. */
  resourceUsage?(): Promise<ResourceUsage>;
  /** Frees native memory and threads. Nothing is called afterwards. */
  release(): Promise<void>;
}
