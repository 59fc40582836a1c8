import type { OptimizerSpec } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { stepFactorNames } from './step-factors';
import type { AddUpdate } from './weight-update';

/**
 * Gradient descent, on its own or with (Nesterov's) momentum:
 *
 *     g ← gradient + weightDecay · w
 *     momentum ← μ · momentum + g
 *     w ← w - α · momentum            (Nesterov: w - α · (g + μ · momentum))
 *
 * Source: Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning", in the form of
 * https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export function addSgd(
  graph: GraphBuilder,
  spec: OptimizerSpec & { kind: 'sgd' },
  rateFactor: number,
): AddUpdate {
  const { momentum: decay, nesterov, weightDecay } = spec;
  const [name] = stepFactorNames(spec, rateFactor) as [string];
  const learningRate = graph.input(name, 'float32', []);
  return ({ weight, gradient, moments: [momentum], afterReaders, spread }) => {
    const scaled = (value: Value, factor: number) =>
      graph.node('Mul', [value, spread(graph.float(factor))]);
    const direction =
      weightDecay === 0 ? gradient : graph.node('Add', [gradient, scaled(weight, weightDecay)]);
    const step = (along: Value) => graph.node('Mul', [along, spread(afterReaders(learningRate))]);
    if (momentum === undefined) return { moments: [], from: weight, delta: step(direction) };
    const velocity = graph.node('Add', [scaled(momentum, decay), direction]);
    const ahead = nesterov ? graph.node('Add', [direction, scaled(velocity, decay)]) : velocity;
    return { moments: [velocity], from: weight, delta: step(ahead) };
  };
}
