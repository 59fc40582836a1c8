import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** Tensors by the names of the contract's weights, in TensorFlow's layouts. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** What a layer computes with. */
export interface LayerContext {
  readonly tf: TensorFlow;
  readonly weights: NamedTensors;
  /** In training only: which hidden units stay, [count × units], 1 = keep. */
  readonly dropoutKeep?: Uint8Array | Tensor;
  /** Whether nobody will ask for gradients: a layer that can do without what they would need need not keep it. */
  readonly forwardOnly?: boolean;
  /** Whether convolution blocks take maxima before bias and rectifier, though the backend could do it all at once. */
  readonly poolFirst?: boolean;
}

/** Gradients of the loss with respect to what a layer took. */
export interface LayerGradients {
  /** By the weight's name. */
  readonly weights: NamedTensors;
  /** Computes the gradient of the layer's input; not called where nobody needs it. */
  readonly input: () => Tensor;
}

/** A layer's output for one batch. */
export interface AppliedLayer {
  readonly output: Tensor;
  /**
   * The layer's part of the chain rule.
   *
   * @param outputGradient gradient of the loss with respect to `output`, of its shape
   */
  backward(outputGradient: Tensor): LayerGradients;
}

/** One step of a network: a function of its input and its weights that knows its own gradient. */
export type Layer = (input: Tensor, context: LayerContext) => AppliedLayer;
