/*
 * The products and convolutions of `simple-cnn` as small ONNX graphs, between which the kernels run. Weights are inputs:
 * they stay where Adam updates them.
 */
import { GraphBuilder, type Value } from '../onnx/graph-builder';

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

/** Sizes of the part after the convolutions. */
export interface DenseSizes {
  readonly features: number;
  readonly hiddenUnits: number;
  readonly classes: number;
  readonly dropoutRate: number;
}

interface DenseForward {
  readonly hidden: Value;
  readonly kept: Value;
  readonly logits: Value;
}

function declareDense(graph: GraphBuilder, { features, hiddenUnits, classes }: DenseSizes): Value {
  graph.input('fc1.weight', 'float32', [hiddenUnits, features]);
  graph.input('fc1.bias', 'float32', [hiddenUnits]);
  graph.input('fc2.weight', 'float32', [classes, hiddenUnits]);
  graph.input('fc2.bias', 'float32', [classes]);
  return graph.input('features', 'float32', ['batch', features]);
}

/** @param factor what dropout multiplies each hidden unit by; none in inference */
function denseForward(graph: GraphBuilder, features: Value, factor?: Value): DenseForward {
  const hidden = graph.node('Relu', [
    graph.node('Gemm', [features, 'fc1.weight', 'fc1.bias'], { transB: 1 }),
  ]);
  const kept = factor === undefined ? hidden : graph.node('Mul', [hidden, factor]);
  const logits = graph.node('Gemm', [kept, 'fc2.weight', 'fc2.bias'], { transB: 1 });
  return { hidden, kept, logits };
}

/** Features to `logits` and `probabilities`. */
export function denseInferenceGraph(sizes: DenseSizes): Uint8Array {
  const graph = new GraphBuilder();
  const { logits } = denseForward(graph, declareDense(graph, sizes));
  const shape = ['batch', sizes.classes];
  graph.output('probabilities', graph.node('Softmax', [logits], { axis: 1 }), 'float32', shape);
  graph.output('logits', graph.node('Identity', [logits]), 'float32', shape);
  return graph.encode('dense');
}

/**
 * Two dense layers with dropout between them, mean cross-entropy against one-hot rows, and all gradients:
 *
 *     ∂z = (softmax(z) - onehot) / N,   ∂W = ∂yᵀ · x,   ∂b = Σ_n ∂y[n],   ∂x = ∂y · W
 */
export function denseTrainingGraph(sizes: DenseSizes): Uint8Array {
  const { features: featureCount, hiddenUnits, classes, dropoutRate } = sizes;
  const graph = new GraphBuilder();
  const features = declareDense(graph, sizes);
  const keep = graph.input('keep', 'uint8', ['batch', hiddenUnits]);
  const target = graph.input('target', 'float32', ['batch', classes]);
  const share = graph.input('share', 'float32', []);
  const scale = graph.float(1 / (1 - dropoutRate));
  const factor = graph.node('Mul', [graph.cast(keep, 'float32'), scale]);
  const { hidden, kept, logits } = denseForward(graph, features, factor);

  const logProbabilities = graph.node('LogSoftmax', [logits], { axis: 1 });
  const chosen = graph.node('Mul', [target, logProbabilities]);
  const total = graph.node('ReduceSum', [chosen], { keepdims: 0 });
  const loss = graph.node('Neg', [graph.node('Mul', [total, share])]);
  const difference = graph.node('Sub', [graph.node('Exp', [logProbabilities]), target]);
  const logitsGradient = graph.node('Mul', [difference, share]);
  const keptGradient = graph.node('Gemm', [logitsGradient, 'fc2.weight']);
  const droppedGradient = graph.node('Mul', [keptGradient, factor]);
  const open = graph.cast(graph.node('Greater', [hidden, graph.float(0)]), 'float32');
  const hiddenGradient = graph.node('Mul', [droppedGradient, open]);
  const sumRows = (value: Value) =>
    graph.node('ReduceSum', [value, graph.integers(0)], { keepdims: 0 });
  const outer = (gradient: Value, input: Value) =>
    graph.node('Gemm', [gradient, input], { transA: 1 });

  graph.output('loss', loss, 'float32', []);
  graph.output('fc2.weight.gradient', outer(logitsGradient, kept), 'float32', [
    classes,
    hiddenUnits,
  ]);
  graph.output('fc2.bias.gradient', sumRows(logitsGradient), 'float32', [classes]);
  graph.output('fc1.weight.gradient', outer(hiddenGradient, features), 'float32', [
    hiddenUnits,
    featureCount,
  ]);
  graph.output('fc1.bias.gradient', sumRows(hiddenGradient), 'float32', [hiddenUnits]);
  const featuresGradient = graph.node('Gemm', [hiddenGradient, 'fc1.weight']);
  graph.output('features.gradient', featuresGradient, 'float32', ['batch', featureCount]);
  return graph.encode('dense-training');
}
