import { writeFile } from 'node:fs/promises';
import { GraphBuilder } from '../../cnn-onnx/src/onnx/graph-builder';

export const SIDE = 16;
export const CLASSES = ['ant', 'bee', 'cat', 'dog', 'elk'];
export const MEAN = [0.485, 0.456, 0.406];
export const DEVIATION = [0.229, 0.224, 0.225];

const VALUES = 3 * SIDE * SIDE;

/** Weights of one output, [values × classes]: no two pixels and no two classes alike. */
export function weightsOf(seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: VALUES * CLASSES.length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state / 0x7fffffff - 0.5) * 0.25;
  });
}

export const SCORES = weightsOf(1);
export const FEATURES = weightsOf(2);

/** Writes a model of two outputs, `features` before `scores`: products of all normalised values, in NCHW, with weights. */
export async function writeTinyModel(path: string): Promise<void> {
  const graph = new GraphBuilder();
  const flat = graph.reshape(graph.input('x', 'float32', ['batch', 3, SIDE, SIDE]), -1, VALUES);
  const shape = [VALUES, CLASSES.length];
  const product = (name: string, weights: Float32Array) =>
    graph.node('MatMul', [flat, graph.initializer(name, shape, weights)]);
  graph.output('features', product('b', FEATURES), 'float32', ['batch', CLASSES.length]);
  graph.output('scores', product('a', SCORES), 'float32', ['batch', CLASSES.length]);
  await writeFile(path, graph.encode('tiny'));
}

/** What one of the outputs is for `values`, an image in the order that the model reads, in float64. */
export function multiply(values: readonly number[], weights: Float32Array): number[] {
  return CLASSES.map((_, column) =>
    values.reduce(
      (sum, value, at) => sum + value * (weights[at * CLASSES.length + column] as number),
      0,
    ),
  );
}

export function softmax(scores: readonly number[]): number[] {
  const powers = scores.map((score) => Math.exp(score));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
