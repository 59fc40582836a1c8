import type { Value } from '../../onnx/graph-builder';
import type { ApplyNode } from './graph-node';

/**
 * Fully connected, for a batch of rows x:
 *
 *     y = x · Wᵀ + b,   ∂W = ∂yᵀ · x,   ∂b = Σ_n ∂y[n],   ∂x = ∂y · W
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Linear.html
 */
export const dense: ApplyNode = ([input], { graph, node }) => {
  const x = input as Value;
  const [weight, bias] = [`${node.name}.weight`, `${node.name}.bias`];
  const biased = node.options.bias === true;
  const sumOverBatch = (value: Value) =>
    graph.node('ReduceSum', [value, graph.integers(0)], { keepdims: 0 });
  return {
    output: graph.node('Gemm', [x, weight, ...(biased ? [bias] : [])], { transB: 1 }),
    backward: (outputGradient) => ({
      weights: {
        [weight]: graph.node('Gemm', [outputGradient, x], { transA: 1 }),
        ...(biased && { [bias]: sumOverBatch(outputGradient) }),
      },
      inputs: [() => graph.node('Gemm', [outputGradient, weight])],
    }),
  };
};
