/*
 * Convolutions, their gradients and the nodes behind them as small ONNX graphs, between which the kernels run. Weights are
 * inputs: they stay where Adam updates them.
 */
import { applyNetwork } from '../graph/apply-network';
import { softmaxCrossEntropy } from '../graph/softmax-cross-entropy';
import { BATCH_SIZE, gradientName, LABELS, LOSS } from '../graph/value-names';
import { GraphBuilder, type Value } from '../onnx/graph-builder';
import type { NetworkPlan } from './plan-network';

const PADDING = [1, 1, 1, 1];
const KERNEL = [3, 3];

/** output = convolution of input by weight, without a bias. */
export function convolutionGraph(): Uint8Array {
  const graph = new GraphBuilder();
  const input = graph.input('input', 'float32', ['batch', 'inputs', 'height', 'width']);
  const weight = graph.input('weight', 'float32', ['outputs', 'inputs', 3, 3]);
  const output = graph.node('Conv', [input, weight], { kernel_shape: KERNEL, pads: PADDING });
  graph.output('output', output, 'float32', ['batch', 'outputs', 'height', 'width']);
  return graph.encode('convolution');
}

/** weightGradient = gradient · columnsᵀ: [outputs × places] · [inputs·9 × places]ᵀ. */
export function kernelGradientGraph(): Uint8Array {
  const graph = new GraphBuilder();
  const gradient = graph.input('gradient', 'float32', ['outputs', 'places']);
  const columns = graph.input('columns', 'float32', ['taps', 'places']);
  const product = graph.node('Gemm', [gradient, columns], { transB: 1 });
  graph.output('weightGradient', product, 'float32', ['outputs', 'taps']);
  return graph.encode('kernel-gradient');
}

/** inputGradient = gradient convolved with the turned kernel, which ONNX calls a transposed convolution. */
export function imageGradientGraph(): Uint8Array {
  const graph = new GraphBuilder();
  const gradient = graph.input('gradient', 'float32', ['batch', 'outputs', 'height', 'width']);
  const weight = graph.input('weight', 'float32', ['outputs', 'inputs', 3, 3]);
  const attributes = { kernel_shape: KERNEL, pads: PADDING };
  const image = graph.node('ConvTranspose', [gradient, weight], attributes);
  graph.output('inputGradient', image, 'float32', ['batch', 'inputs', 'height', 'width']);
  return graph.encode('image-gradient');
}

/** Name of what goes into the tail: the last block's images. */
export const FEATURES = 'features';

/** The tail's weights by name, as inputs of its graphs. */
export function tailWeightNames({ network, tail }: NetworkPlan): readonly string[] {
  const nodes = new Set(tail.nodes.map(({ name }) => name));
  return Object.keys(network.weightShapes).filter((weight) =>
    nodes.has(weight.slice(0, weight.lastIndexOf('.'))),
  );
}

/** `features` to `logits` and `probabilities`. */
export function tailInferenceGraph(plan: NetworkPlan): Uint8Array {
  const graph = new GraphBuilder();
  const features = declareTail(graph, plan);
  const mode = { device: 'cuda', training: false } as const;
  const logits = applyNetwork(graph, plan.tail, features, mode).output;
  const shape = ['batch', plan.network.classCount];
  graph.output('probabilities', graph.node('Softmax', [logits], { axis: 1 }), 'float32', shape);
  graph.output('logits', graph.node('Identity', [logits]), 'float32', shape);
  return graph.encode('tail');
}

/** The tail, mean cross-entropy and all gradients, of `features` too. Inputs besides: `labels`, `batchSize`, masks. */
export function tailTrainingGraph(plan: NetworkPlan): Uint8Array {
  const { network, tail, tailShape } = plan;
  const graph = new GraphBuilder();
  const features = declareTail(graph, plan);
  const labels = graph.input(LABELS, 'int32', ['batch']);
  const batchSize = graph.input(BATCH_SIZE, 'float32', []);
  const mode = { device: 'cuda', training: true, batchSize } as const;
  const applied = applyNetwork(graph, tail, features, mode);
  const scores = { logits: applied.output, labels, batchSize };
  const { loss, gradient } = softmaxCrossEntropy(graph, scores, network.classCount, 0);
  const { weights, input } = applied.backward(gradient, true);
  graph.output(LOSS, loss, 'float32', []);
  graph.output(gradientName(FEATURES), input as Value, 'float32', ['batch', ...tailShape]);
  for (const name of tailWeightNames(plan)) {
    const shape = network.weightShapes[name] as readonly number[];
    graph.output(gradientName(name), weights[name]?.gradient as Value, 'float32', shape);
  }
  return graph.encode('tail-training');
}

function declareTail(graph: GraphBuilder, plan: NetworkPlan): Value {
  for (const name of tailWeightNames(plan)) {
    graph.input(name, 'float32', plan.network.weightShapes[name] as readonly number[]);
  }
  return graph.input(FEATURES, 'float32', ['batch', ...plan.tailShape]);
}
