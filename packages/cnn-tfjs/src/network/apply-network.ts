import type { Tensor } from '@tensorflow/tfjs-core';
import type { AppliedLayer, Layer, LayerContext, NamedTensors } from './operation';

/** A network's output for one batch, and a way to its gradient. */
export interface AppliedNetwork {
  readonly output: Tensor;
  /** The gradient of each weight, given that of the output. */
  backward(outputGradient: Tensor): NamedTensors;
}

/** Layers one after the other. */
export type Network = (input: Tensor, context: LayerContext) => AppliedNetwork;

/** A network of `layers`, each fed by the one before it. */
export function sequential(layers: readonly Layer[]): Network {
  return (input, context) => {
    const applied: AppliedLayer[] = [];
    let output = input;
    for (const layer of layers) {
      const next = layer(output, context);
      applied.push(next);
      output = next.output;
    }
    return { output, backward: (outputGradient) => chainRule(applied, outputGradient) };
  };
}

/** Walks back from the last layer; the first one's input is no weight, so nobody asks for it. */
function chainRule(applied: readonly AppliedLayer[], outputGradient: Tensor): NamedTensors {
  const gradients: Record<string, Tensor> = {};
  let gradient = () => outputGradient;
  for (const layer of applied.toReversed()) {
    const { weights, input } = layer.backward(gradient());
    Object.assign(gradients, weights);
    gradient = input;
  }
  return gradients;
}
