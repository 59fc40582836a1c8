import type { ResolvedNode } from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** Tensors by the names of the contract's weights and state, in TensorFlow's layouts. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** What a network computes with. Images are [count, height, width, channels], other values [count, units]. */
export interface OperationContext {
  readonly tf: TensorFlow;
  /** Weights and state. */
  readonly weights: NamedTensors;
  /**
   * In training only: by the dropout node's name, 1 = keep, in the order of the values that the node takes. With them, batch
   * norm goes by the batch's statistics; without them, by the running ones.
   */
  readonly masks?: Readonly<Record<string, Uint8Array | Tensor>>;
  /** Whether nobody will ask for gradients: what only they would need is not kept. */
  readonly forwardOnly?: boolean;
}

/** Gradients of the loss with respect to what an operation took. */
export interface OperationGradients {
  /** By the weight's name. */
  readonly weights?: NamedTensors;
  /** Each computes the gradient of one input; not called where nobody needs it. */
  readonly inputs: readonly (() => Tensor)[];
}

/** An operation's output for one batch. */
export interface AppliedOperation {
  readonly output: Tensor;
  /** What training makes of its state, by name. */
  readonly state?: NamedTensors;
  /**
   * The operation's part of the chain rule.
   *
   * @param outputGradient gradient of the loss with respect to `output`, of its shape
   */
  backward(outputGradient: Tensor): OperationGradients;
}

/** One step of a network: a function of its inputs and its weights that knows its own gradient. */
export type Operation = (inputs: readonly Tensor[], context: OperationContext) => AppliedOperation;

/** Makes the operation of a node, from its options and shapes. */
export type CreateOperation = (node: ResolvedNode) => Operation;
