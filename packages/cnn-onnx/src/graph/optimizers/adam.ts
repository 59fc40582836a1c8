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
): AddUpdate {
  const { meanDecay, varianceDecay, epsilon, gradientDecay } = adamFactors(1, 1, spec);
  const [stepSize, rootScale, shrink] = stepFactorNames(spec).map((name) =>
    graph.input(name, 'float32', []),
  ) as [Value, Value, Value | undefined];
  const node = (operator: string, ...inputs: Value[]) => graph.node(operator, inputs);
  const blend = (old: Value, fresh: Value, decay: number) =>
    node('Add', node('Mul', old, graph.float(decay)), node('Mul', fresh, graph.float(1 - decay)));
  return ({ weight, gradient, moments: [oldMean, oldVariance], afterReaders }) => {
    const g =
      gradientDecay === 0
        ? gradient
        : node('Add', gradient, node('Mul', weight, graph.float(gradientDecay)));
    const mean = blend(oldMean as Value, g, meanDecay);
    const variance = blend(oldVariance as Value, node('Mul', g, g), varianceDecay);
    const root = node('Mul', node('Sqrt', variance), rootScale);
    const direction = node('Div', mean, node('Add', root, graph.float(epsilon)));
    return {
      moments: [mean, variance],
      from: shrink === undefined ? weight : node('Mul', weight, shrink),
      delta: node('Mul', direction, afterReaders(stepSize)),
    };
  };
}
