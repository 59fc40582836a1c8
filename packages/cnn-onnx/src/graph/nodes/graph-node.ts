import type { Device, ResolvedNode, SampleShape } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';

/** What a graph is for. */
export type GraphMode = {
  /** Where it is to run: a GPU lacks kernels of some operators. */
  readonly device: Device;
} & (
  | { readonly training: false }
  | {
      /** Nodes behave as in training: dropout on, statistics of the batch, what the gradient needs kept. */
      readonly training: true;
      /** Images in the batch, a float32 scalar. */
      readonly batchSize: Value;
    }
);

/** What a node finds in the graph that it is being added to. */
export interface NodeContext {
  readonly graph: GraphBuilder;
  readonly node: ResolvedNode;
  readonly mode: GraphMode;
}

/** Gradients of the loss with respect to what a node took. */
export interface NodeGradients {
  /** By the weight's full name. Default: none. */
  readonly weights?: Readonly<Record<string, Value>>;
  /** For each input: adds its gradient, of its shape. Not called where nobody needs it. */
  readonly inputs: readonly (() => Value)[];
}

/** A node's place in the graph. */
export interface AppliedNode {
  readonly output: Value;
  /** In training: what replaces each value of the node's state after this batch, by its full name. */
  readonly nextState?: Readonly<Record<string, Value>>;
  /**
   * Adds the node's part of the chain rule.
   *
   * @param outputGradient gradient of the loss with respect to `output`, of its shape
   */
  backward(outputGradient: Value): NodeGradients;
}

/**
 * Adds a node of one type to the graph. Its weights are values of their own full names, `NODE.weight`; every value has the
 * batch as its first axis.
 */
export type ApplyNode = (inputs: readonly Value[], context: NodeContext) => AppliedNode;

/** Shape of the input that a node reads first. */
export function firstShape({ inputShapes }: ResolvedNode): SampleShape {
  return inputShapes[0] as SampleShape;
}
