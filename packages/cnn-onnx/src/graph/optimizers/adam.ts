import { adamFactors, type OptimizerSpec } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { stepFactorNames } from './step-factors';
import type { AddUpdate } from './weight-update';

/**
 * Adam and AdamW, by the formula and the numbers of the contract's `adamFactors`. What changes from step to step comes in
 * as scalars.
 */
export function addAdam(
  graph: GraphBuilder,
  spec: OptimizerSpec & { kind: 'adam' | 'adamW' },
  rateFactor: number,
): AddUpdate {
  const { meanDecay, varianceDecay, epsilon, gradientDecay } = adamFactors(1, 1, spec);
  const [stepSize, rootScale, shrink] = stepFactorNames(spec, rateFactor).map((name) =>
    graph.input(name, 'float32', []),
  ) as [Value, Value, Value | undefined];
  const node = (operator: string, ...inputs: Value[]) => graph.node(operator, inputs);
  return ({ weight, gradient, moments: [oldMean, oldVariance], afterReaders, spread }) => {
    const number = (value: number) => spread(graph.float(value));
    const blend = (old: Value, fresh: Value, decay: number) =>
      node('Add', node('Mul', old, number(decay)), node('Mul', fresh, number(1 - decay)));
    const g =
      gradientDecay === 0
        ? gradient
        : node('Add', gradient, node('Mul', weight, number(gradientDecay)));
    const mean = blend(oldMean as Value, g, meanDecay);
    const variance = blend(oldVariance as Value, node('Mul', g, g), varianceDecay);
    const root = node('Mul', node('Sqrt', variance), spread(rootScale));
    const direction = node('Div', mean, node('Add', root, number(epsilon)));
    return {
      moments: [mean, variance],
      from: shrink === undefined ? weight : node('Mul', weight, spread(shrink)),
      delta: node('Mul', direction, spread(afterReaders(stepSize))),
    };
  };
}
