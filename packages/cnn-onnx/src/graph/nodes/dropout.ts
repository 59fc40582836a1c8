import { assertArgument } from '@dlcmp/contract';
import { assertLayerName } from './assert-layer';
import type { Layer } from './layer';

export interface DropoutOptions {
  /** Decides its masks' random numbers, and their name. Default `dropout`. */
  readonly name?: string;
  /** Probability with which a value is left out in training, 0 ≤ rate < 1. */
  readonly rate: number;
}

/** Name of the input that holds the mask of the dropout layer called `name`. */
export function dropoutMaskName(name: string): string {
  return `${name}.keep`;
}

/**
 * Leaves out units in training, by a mask that the caller feeds as [batch, ...shape] bytes, 1 = keep:
 *
 *     y = x · keep / (1 - rate),   ∂x = ∂y · keep / (1 - rate)
 *
 * Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from
 * overfitting"; scaled in training ("inverted"), so that inference leaves x as it is.
 */
export function dropout({ name = 'dropout', rate }: DropoutOptions): Layer {
  assertLayerName('dropout', name);
  assertArgument(
    rate >= 0 && rate < 1,
    `dropout "${name}": rate must be at least 0 and below 1, not ${rate}.`,
  );
  return {
    description: { type: 'dropout', name, rate },
    outputShape: (inputShape) => inputShape,
    weightShapes: () => ({}),
    masks: (shape) => ({ [dropoutMaskName(name)]: { shape, rate } }),
    apply(input, { graph, training, inputShape }) {
      if (!training) return { output: input, backward: passThrough };
      const keep = graph.input(dropoutMaskName(name), 'uint8', ['batch', ...inputShape]);
      const factor = graph.node('Mul', [graph.cast(keep, 'float32'), graph.float(1 / (1 - rate))]);
      return {
        output: graph.node('Mul', [input, factor]),
        backward: (outputGradient) => ({
          weights: {},
          input: () => graph.node('Mul', [outputGradient, factor]),
        }),
      };
    },
  };
}

function passThrough(outputGradient: string) {
  return { weights: {}, input: () => outputGradient };
}
