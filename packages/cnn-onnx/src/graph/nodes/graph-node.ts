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
  /** In training: what replaces each value of {@link Layer.stateShapes} after this batch. */
  readonly nextState?: Readonly<Record<string, Value>>;
  /**
   * Adds the layer's part of the chain rule.
   *
   * @param outputGradient gradient of the loss with respect to `output`, of its shape
   */
  backward(outputGradient: Value): LayerGradients;
}

/** What is left out of a layer's output in training, by masks that the caller draws. */
export interface DropoutMask {
  /** Shape of the mask of one image. */
  readonly shape: SampleShape;
  /** Probability of being left out, 0 ≤ rate < 1. */
  readonly rate: number;
}

/** How a layer was made, as plain data: what a saved model keeps of it. */
export interface LayerDescription {
  /** Name of the layer's type, such as `convolution`. */
  readonly type: string;
  readonly [option: string]: string | number;
}

/**
 * One step of a network: a function of its input and its weights that can write itself, and its
 * gradient, as ONNX operators.
 */
export interface Layer {
  readonly description: LayerDescription;
  /**
   * Works on each value alone and never reverses their order: f(a) ≤ f(b) where a ≤ b in the same
   * channel. Taking a maximum before or after such a layer is the same.
   */
  readonly monotone?: true;
  /** Whether it takes a maximum over each channel's neighbourhoods. */
  readonly poolsMaximum?: true;
  /** @throws `INVALID_ARGUMENT` where the layer cannot take an input of this shape */
  outputShape(inputShape: SampleShape): SampleShape;
  /** Shape of each weight by its name. */
  weightShapes(inputShape: SampleShape): Readonly<Record<string, readonly number[]>>;
  /** Shape of each value that training keeps up to date without a gradient. Default: none. */
  stateShapes?(inputShape: SampleShape): Readonly<Record<string, readonly number[]>>;
  /** Masks that training feeds, by the name of their input. Default: none. */
  masks?(inputShape: SampleShape): Readonly<Record<string, DropoutMask>>;
  /** Adds the layer to the graph; its weights are values of their own names. */
  apply(input: Value, context: LayerContext): AppliedLayer;
}

/** Layers in order; a list within the list is a block of them. */
export type LayerList = readonly (Layer | LayerList)[];
