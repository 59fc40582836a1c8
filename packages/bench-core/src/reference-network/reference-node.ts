import type { ResolvedNode } from '@dlcmp/contract';

/** Values of a batch, [size × shape], or of a weight. */
export type Values = Float64Array;

/** A weight and the gradient that the latest backward pass left. */
export interface Parameter {
  readonly value: Values;
  readonly gradient: Values;
}

/** What a node finds beside its inputs. */
export interface NodeContext {
  /** Images in the batch. */
  readonly size: number;
  /** Whether it behaves as in training. */
  readonly training: boolean;
  /** The weight `NODE.name`, where the node has one. */
  parameter(name: string): Parameter | undefined;
  /** The state `NODE.name`; what a training pass makes of it is written into it. */
  state(name: string): Values;
  /** The batch's mask of a dropout node: [size × shape], 1 = keep. */
  readonly mask?: Uint8Array | undefined;
}

/** A node's output, and the way back: adds to its weights' gradients and returns that of each input. */
export interface NodePass {
  readonly output: Values;
  backward(gradient: Values): readonly Values[];
}

/** A type of node in plain float64. */
export type ReferenceNode = (
  node: ResolvedNode,
  inputs: readonly Values[],
  context: NodeContext,
) => NodePass;
