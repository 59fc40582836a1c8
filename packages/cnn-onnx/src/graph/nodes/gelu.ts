import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import type { ApplyNode } from './graph-node';

/**
 * Gaussian error linear unit, exact by the error function, or by a hyperbolic tangent:
 *
 *     y = x · Φ(x),   Φ(x) = (1 + erf(x / √2)) / 2,   ∂x = ∂y · (Φ(x) + x · exp(-x²/2) / √(2π))
 *
 *     y = x · (1 + t) / 2,   t = tanh(u),   u = √(2/π) · (x + 0.044715 · x³)
 *     ∂x = ∂y · ((1 + t)/2 + x/2 · (1 - t²) · √(2/π) · (1 + 3 · 0.044715 · x²))
 *
 * Source: Hendrycks and Gimpel 2016, "Gaussian error linear units (GELUs)";
 * https://pytorch.org/docs/stable/generated/torch.nn.GELU.html
 */
export const gelu: ApplyNode = ([input], { graph, node }) => {
  const x = input as Value;
  const { share, density } =
    node.options.approximation === 'tanh' ? byTanh(graph, x) : byErrorFunction(graph, x);
  return {
    output: graph.node('Mul', [x, share]),
    backward: (gradient) => ({
      inputs: [
        () => {
          const slope = graph.node('Add', [share, graph.node('Mul', [x, density()])]);
          return graph.node('Mul', [gradient, slope]);
        },
      ],
    }),
  };
};

interface Gate {
  /** What x is multiplied by. */
  readonly share: Value;
  /** Adds its derivative. */
  readonly density: () => Value;
}

function byErrorFunction(graph: GraphBuilder, x: Value): Gate {
  const scaled = graph.node('Mul', [x, graph.float(Math.SQRT1_2)]);
  const share = half(graph, graph.node('Erf', [scaled]));
  const density = () => {
    const exponent = graph.node('Neg', [graph.node('Mul', [scaled, scaled])]);
    const scale = graph.float(1 / Math.sqrt(2 * Math.PI));
    return graph.node('Mul', [graph.node('Exp', [exponent]), scale]);
  };
  return { share, density };
}

const CUBIC = 0.044715;
const SCALE = Math.sqrt(2 / Math.PI);

function byTanh(graph: GraphBuilder, x: Value): Gate {
  const square = graph.node('Mul', [x, x]);
  const polynomial = (cubic: number) =>
    graph.node('Add', [
      graph.node('Mul', [square, graph.float(SCALE * cubic)]),
      graph.float(SCALE),
    ]);
  const tangent = graph.node('Tanh', [graph.node('Mul', [x, polynomial(CUBIC)])]);
  const density = () => {
    const squared = graph.node('Mul', [tangent, tangent]);
    const rest = graph.node('Sub', [graph.float(0.5), scaleBy(graph, squared, 0.5)]);
    return graph.node('Mul', [rest, polynomial(3 * CUBIC)]);
  };
  return { share: half(graph, tangent), density };
}

/** (1 + value) / 2 */
function half(graph: GraphBuilder, value: Value): Value {
  return graph.node('Add', [scaleBy(graph, value, 0.5), graph.float(0.5)]);
}

function scaleBy(graph: GraphBuilder, value: Value, factor: number): Value {
  return graph.node('Mul', [value, graph.float(factor)]);
}
