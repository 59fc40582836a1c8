import type {
  AdamFactors,
  AdamOptions,
  BackendProbe,
  CnnArchitecture,
  DeferredLoss,
  ModelSpec,
  TrainingBatch,
} from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../network/operation';
import type { TensorFlow, TensorFlowModules } from '../tensorflow-modules';

/** One way to compute with TensorFlow, in a file or folder of its own beside this one. */
export interface TensorFlowBackend {
  readonly name: string;
  /** Whether it can run here. May throw where the machine cannot even be asked. */
  probe(modules: TensorFlowModules): Promise<BackendProbe>;
  /** Makes it ready; each runtime is closed once. */
  open(modules: TensorFlowModules, options: OpenOptions): Promise<TensorFlowRuntime>;
}

export interface OpenOptions {
  /** Threads to compute with. Default: the backend's own choice. */
  readonly threads?: number | undefined;
}

/** A backend ready to compute. */
export interface TensorFlowRuntime {
  readonly tf: TensorFlow;
  /** Name of the backend. */
  readonly backend: string;
  /** Threads it computes with. */
  readonly threads: number;
  /**
   * Calls `compute` with this backend as TensorFlow.js's current one and puts back the one before,
   * so that other users of TensorFlow.js in this process never notice.
   */
  run<Result>(compute: () => Result): Result;
  /**
   * A float32 tensor's numbers, as they are now. Called inside {@link run}; the tensor may be changed or disposed as soon as
   * this returns.
   */
  read(tensor: Tensor): Promise<Float32Array>;
  /** Updates `state` in place. Called inside {@link run}. */
  applyAdam(state: AdamState, gradient: Tensor, step: AdamStep): void;
  /**
   * Where a step as a whole is faster than op by op: takes `weights` over until it is disposed. Called inside {@link run},
   * as are its methods but `step`, for which a change of the current backend would take longer than all else.
   */
  compileTraining?(spec: ModelSpec & CnnArchitecture, weights: NamedTensors): CompiledTraining;
  /** Where a batch as a whole is faster than op by op. Called inside {@link run}, and disposed there. */
  compileInference?(spec: ModelSpec & CnnArchitecture): CompiledInference;
  /** Frees the backend with the last runtime that stands on it. */
  close(): Promise<void>;
}

/** A weight and its running moments, of one shape. */
export interface AdamState {
  readonly weight: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
}

/** What Adam needs to know at one step; weight decay is not among it. */
export type AdamStep = Pick<
  AdamFactors,
  'meanDecay' | 'varianceDecay' | 'stepSize' | 'rootScale' | 'epsilon'
>;

/** Training whose steps run by themselves once they are asked for. */
export interface CompiledTraining {
  /** Updates the weights once, starting from the last step's moments. Returns before the step is done. */
  step(batch: TrainingBatch, adam: Required<AdamOptions>): DeferredLoss;
  /** The weights stay as they are now. */
  dispose(): void;
}

/** Inference, a batch at a time. */
export interface CompiledInference {
  /** One row for each of `count` images: [count × classes]. */
  run(
    pixels: Uint8Array,
    count: number,
    weights: NamedTensors,
    prediction: 'logits' | 'probabilities',
  ): Float32Array;
  dispose(): void;
}
