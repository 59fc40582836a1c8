import type { Optimizer, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/** What takes a training step on a batch: inputs, targets, sample weights. Returns the loss, and kept tensors of metrics. */
export type TrainFunction = (data: readonly (Tensor | null)[]) => Scalar[];

/** A weight of tf.layers. */
export interface LayerVariable {
  /** What TensorFlow.js's core trains, always the same. */
  read(): Variable;
}

/** A layer, or a model that is used as one. */
export interface Layer {
  readonly layers?: readonly Layer[];
}

/** tf.LayersModel once it is compiled, as far as its training is concerned; TensorFlow.js's types hide it. */
export interface LayersModel extends Layer {
  readonly layers: readonly Layer[];
  readonly weights: readonly LayerVariable[];
  readonly optimizer: Optimizer;
  /** As the user gave them. */
  readonly loss: unknown;
  readonly metrics: unknown;
  /** Made anew by each `compile`. */
  readonly lossFunctions: unknown;
  readonly metricsTensors: unknown;
  readonly collectedTrainableWeights: readonly LayerVariable[];
  makeTrainFunction(): TrainFunction;
}

/** The layers of a model and of the models among them. */
export function layersOf({ layers = [] }: Layer): Layer[] {
  return layers.flatMap((layer) => [layer, ...layersOf(layer)]);
}
