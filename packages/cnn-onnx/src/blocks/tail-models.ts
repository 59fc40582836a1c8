import type { Weights } from '@dlcmp/contract';
import { applyNetwork } from '../graph/apply-network';
import { softmaxCrossEntropy } from '../graph/softmax-cross-entropy';
import { BATCH_SIZE, gradientName, LABELS, LOSS, nextName } from '../graph/value-names';
import { GraphBuilder, type Shape, type Value } from '../onnx/graph-builder';
import { paddedChannels } from './block-sizes';
import type { FrontOutput, Tail } from './split-network';

/** Name of the input that takes what the front puts out, of the shape {@link featureShape}. */
export const FEATURES = 'features';

/** Shape of one image's output of the front: units, or height, width and channels with channels padded. */
export function featureShape(input: FrontOutput): readonly number[] {
  return 'units' in input
    ? [input.units]
    : [input.height, input.width, paddedChannels(input.channels)];
}

/**
 * An ONNX model of the loss of a network's tail, and its gradients of `features` and of every weight. Inputs: `features`,
 * `labels`, `batchSize`, masks, weights and state by their names. Further outputs, which need not be asked for: {@link nextName} of each state.
 */
export function buildTailTraining(tail: Tail, labelSmoothing: number): Uint8Array {
  const graph = new GraphBuilder();
  addWeightInputs(graph, tail);
  const shape = ['batch', ...featureShape(tail.input)];
  const features = graph.input(FEATURES, 'float32', shape);
  const batchSize = graph.input(BATCH_SIZE, 'float32', []);
  const mode = { device: 'cpu', training: true, batchSize } as const;
  const applied = applyNetwork(graph, tail.part, toImages(graph, tail.input, features), mode);
  const labels = graph.input(LABELS, 'int32', ['batch']);
  const scores = { logits: applied.output, labels, batchSize };
  const error = softmaxCrossEntropy(graph, scores, tail.classCount, labelSmoothing);
  const { weights, input } = applied.backward(error.gradient, true);
  graph.output(LOSS, error.loss, 'float32', []);
  const featureGradients = fromImages(graph, tail.input, input as Value);
  graph.output(gradientName(FEATURES), featureGradients, 'float32', shape);
  for (const [name, { gradient }] of Object.entries(weights))
    graph.output(gradientName(name), gradient, 'float32', tail.weightShapes[name] ?? []);
  for (const [name, stateShape] of Object.entries(tail.stateShapes))
    graph.output(nextName(name), applied.nextState[name] as Value, 'float32', stateShape);
  return graph.encode('tail-training');
}

/**
 * An ONNX model from `features` to `logits` and `probabilities`.
 *
 * @param constants weights and state that are laid out once; those that are missing are inputs
 */
export function buildTailInference(tail: Tail, constants?: Weights): Uint8Array {
  const graph = new GraphBuilder();
  if (constants) {
    for (const [name, { shape, data }] of Object.entries(constants))
      graph.initializer(name, shape, data);
  } else {
    addWeightInputs(graph, tail);
  }
  const features = graph.input(FEATURES, 'float32', ['batch', ...featureShape(tail.input)]);
  const images = toImages(graph, tail.input, features);
  const logits = applyNetwork(graph, tail.part, images, { device: 'cpu', training: false }).output;
  const shape: Shape = ['batch', tail.classCount];
  graph.output('logits', logits, 'float32', shape);
  graph.output('probabilities', graph.node('Softmax', [logits], { axis: 1 }), 'float32', shape);
  return graph.encode('tail-inference');
}

function addWeightInputs(graph: GraphBuilder, { weightShapes, stateShapes }: Tail): void {
  for (const [name, shape] of Object.entries({ ...weightShapes, ...stateShapes }))
    graph.input(name, 'float32', shape);
}

/** The kernels' images in ONNX's order of axes, [batch, channels, height, width]. */
function toImages(graph: GraphBuilder, input: FrontOutput, features: Value): Value {
  if ('units' in input) return features;
  const images = graph.node('Transpose', [features], { perm: [0, 3, 1, 2] });
  if (paddedChannels(input.channels) === input.channels) return images;
  const [start, end, axis] = [0, input.channels, 1].map((value) => graph.integers(value));
  return graph.node('Slice', [images, start as Value, end as Value, axis as Value]);
}

/** The way back: padded channels have no gradient. */
function fromImages(graph: GraphBuilder, input: FrontOutput, gradient: Value): Value {
  if ('units' in input) return gradient;
  const images = graph.node('Transpose', [gradient], { perm: [0, 2, 3, 1] });
  const padding = paddedChannels(input.channels) - input.channels;
  if (padding === 0) return images;
  return graph.node('Pad', [images, graph.integers(0, 0, 0, 0, 0, 0, 0, padding)]);
}
