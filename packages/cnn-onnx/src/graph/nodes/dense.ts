import { assertArgument } from '@dlcmp/contract';
import { assertLayerName, assertWholeNumber } from './assert-layer';
import type { Layer } from './layer';

export interface DenseOptions {
  /** Prefix of its weights' names. */
  readonly name: string;
  /** Values it puts out. */
  readonly units: number;
}

/**
 * Fully connected layer, for a batch of rows x:
 *
 *     y = x · Wᵀ + b,   ∂W = ∂yᵀ · x,   ∂b = Σ_n ∂y[n],   ∂x = ∂y · W
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Linear.html
 */
export function dense({ name, units }: DenseOptions): Layer {
  const weight = `${name}.weight`;
  const bias = `${name}.bias`;
  assertLayerName('dense', name);
  assertWholeNumber(`dense "${name}"`, 'units', units, 1);
  return {
    description: { type: 'dense', name, units },
    outputShape: (inputShape) => {
      assertArgument(
        inputShape.length === 1,
        `dense "${name}" takes rows, but the layer before it puts out [${inputShape.join(', ')}]. Put flatten() or globalAveragePool() between them.`,
      );
      return [units];
    },
    weightShapes: ([inputs]) => ({ [weight]: [units, inputs as number], [bias]: [units] }),
    apply(input, { graph }) {
      return {
        output: graph.node('Gemm', [input, weight, bias], { transB: 1 }),
        backward: (outputGradient) => ({
          weights: {
            [weight]: graph.node('Gemm', [outputGradient, input], { transA: 1 }),
            [bias]: graph.node('ReduceSum', [outputGradient, graph.integers(0)], { keepdims: 0 }),
          },
          input: () => graph.node('Gemm', [outputGradient, weight]),
        }),
      };
    },
  };
}
