import type { Value } from '../../onnx/graph-builder';
import type { ApplyNode } from './graph-node';

/**
 * Piecewise approximation of {@link silu}:
 *
 *     y = x · min(max(x + 3, 0), 6) / 6
 *     ∂x = 0 where x ≤ -3, ∂y where x ≥ 3, else ∂y · (x/3 + 1/2)
 *
 * Source: Howard et al. 2019, "Searching for MobileNetV3", section 5.2;
 * https://onnx.ai/onnx/operators/onnx__HardSwish.html
 */
export const hardSwish: ApplyNode = ([input], { graph }) => {
  const x = input as Value;
  return {
    output: graph.node('HardSwish', [x]),
    backward: (gradient) => ({
      inputs: [
        () => {
          const between = graph.node('Add', [
            graph.node('Div', [x, graph.float(3)]),
            graph.float(0.5),
          ]);
          const above = graph.node('GreaterOrEqual', [x, graph.float(3)]);
          const below = graph.node('LessOrEqual', [x, graph.float(-3)]);
          const upTo = graph.node('Where', [above, graph.float(1), between]);
          const slope = graph.node('Where', [below, graph.float(0), upTo]);
          return graph.node('Mul', [gradient, slope]);
        },
      ],
    }),
  };
};
