import type { GraphBuilder, Value } from '../onnx/graph-builder';

/** Lengths of an image's axes, without the batch: [channels, height, width] or [units]. */
export type SampleShape = readonly number[];

/** What a layer finds in the graph that it is being added to. */
export interface LayerContext {
  readonly graph: GraphBuilder;
  /** Whether the layer behaves as in training: dropout on, what the gradient needs kept. */
  readonly training: boolean;
  /** Shape of the layer's input. */
  readonly inputShape: SampleShape;
}

/** Gradients of the loss with respect to what a layer took. */
export interface LayerGradients {
  /** By the weight's name. */
  readonly weights: Readonly<Record<string, Value>>;
  /** Adds the gradient of the layer's input; not called where nobody needs it. */
  readonly input: () => Value;
}

/** A layer's place in the graph. */
export interface AppliedLayer {
  readonly output: Value;
  /**
   * Adds the layer's part of the chain rule.
   *
   * @param outputGradient gradient of the loss with respect to `output`, of its shape
   */
  backward(outputGradient: Value): LayerGradients;
}

/**
 * One step of a network: a function of its input and its weights that can write itself, and its
 * gradient, as ONNX operators.
 */
export interface Layer {
  /**
   * Works on each value alone and never reverses their order: f(a) ≤ f(b) where a ≤ b in the same
   * channel. Taking a maximum before or after such a layer is the same.
   */
  readonly monotone?: true;
  /** Whether it takes a maximum over each channel's neighbourhoods. */
  readonly poolsMaximum?: true;
  outputShape(inputShape: SampleShape): SampleShape;
  /** Shape of each weight by its name. */
  weightShapes(inputShape: SampleShape): Readonly<Record<string, readonly number[]>>;
  /** Adds the layer to the graph; its weights are values of their own names. */
  apply(input: Value, context: LayerContext): AppliedLayer;
}
