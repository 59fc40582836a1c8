import type {
  AdamFactors,
  DeferredStep,
  InferenceOutput,
  TrainingBatch,
  UpdateSettings,
} from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelParts } from '../model/model-parts';
import type { BlockForm } from '../network/operation-plan';
import type { TensorFlow } from '../tensorflow-modules';

/** TensorFlow.js on a backend, ready to compute: what an engine's models stand on. */
export interface TensorFlowRuntime {
  readonly tf: TensorFlow;
  /** How it has convolutions with a rectifier and a max-pool behind them. */
  readonly blocks: BlockForm;
  /** Whether it computes behind JavaScript, so that losses are read later. Default: false. */
  readonly defersLosses?: boolean;
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
  /** One step of Adam without weight decay, in place; absent where only TensorFlow.js's operations are. Called inside {@link run}. */
  applyAdam?(state: AdamState, gradient: Tensor, factors: AdamFactors): void;
  /** Where steps and batches as wholes are faster than op by op. Called inside {@link run}. */
  compile?(parts: ModelParts): CompiledNetwork;
  /** Frees the backend with the last runtime that stands on it. */
  close(): Promise<void>;
}

/** A weight and its running moments, of one shape. */
export interface AdamState {
  readonly weight: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
}

/** A network whose steps and batches run by themselves once they are asked for. */
export interface CompiledNetwork {
  /** Updates weights, state and moments once. Returns before the step is done. */
  step(batch: TrainingBatch, update: UpdateSettings): DeferredStep;
  /** One row for each of `count` images: [count × classes]. */
  infer(pixels: Uint8Array, count: number, output: InferenceOutput): Float32Array;
  /** Waits for every step so far. */
  settle(): void;
  /** Called inside {@link TensorFlowRuntime.run}. */
  dispose(): void;
}
