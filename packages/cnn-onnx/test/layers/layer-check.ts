import { elementCount } from '@dlcmp/bench-core/contract';
import ort from 'onnxruntime-node';
import type { Layer, SampleShape } from '../../src/layers/layer';
import { GraphBuilder } from '../../src/onnx/graph-builder';
import { relativeError } from '../relative-error';

/** A layer written plainly, in float64: output values from input values and weights by name. */
export type ReferenceLayer = (
  input: Float64Array,
  weights: Readonly<Record<string, Float64Array>>,
) => Float64Array;

export interface LayerCheck {
  readonly layer: Layer;
  readonly inputShape: SampleShape;
  readonly reference: ReferenceLayer;
  /** Further inputs of the layer, in training, by name. */
  readonly masks?: Readonly<Record<string, Uint8Array>>;
}

const BATCH = 2;
const STEP = 1e-5;

/** A relative error that float32 arithmetic explains. */
export const ROUNDING = 1e-5;

/**
 * Runs `layer` forward and backward in ONNX Runtime on random numbers, and compares with the
 * reference and with central differences of it: relative errors by what they are of.
 */
export async function layerErrors(check: LayerCheck): Promise<Record<string, number>> {
  const { layer, inputShape, reference } = check;
  const weights = layer.weightShapes(inputShape);
  const shapes: Record<string, readonly number[]> = { input: [BATCH, ...inputShape], ...weights };
  const values = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, randomValues(elementCount(shape))]),
  );
  const upstream = randomValues(BATCH * elementCount(layer.outputShape(inputShape)));
  const actual = await runLayer(check, shapes, values, upstream);

  const evaluate = () => {
    const { input, ...rest } = values as { input: Float64Array } & Record<string, Float64Array>;
    return reference(input, rest);
  };
  const errors: Record<string, number> = {
    output: relativeError(actual.output ?? [], evaluate()),
  };
  for (const [name, tensor] of Object.entries(values)) {
    const expected = centralDifferences(tensor, () => dot(evaluate(), upstream));
    errors[name] = relativeError(actual[name] ?? [], expected);
  }
  return errors;
}

/** The layer's output, and the gradient of each of `shapes`, by name. */
async function runLayer(
  { layer, inputShape, masks = {} }: LayerCheck,
  shapes: Record<string, readonly number[]>,
  values: Record<string, Float64Array>,
  upstream: Float64Array,
): Promise<Record<string, Float32Array>> {
  const graph = new GraphBuilder();
  const outputShape = [BATCH, ...layer.outputShape(inputShape)];
  for (const [name, shape] of Object.entries(shapes)) graph.input(name, 'float32', shape);
  const { output, backward } = layer.apply('input', { graph, training: true, inputShape });
  const gradients = backward(graph.input('upstream', 'float32', outputShape));
  // An output of the graph must come out of a node, which a layer that passes its gradient on lacks.
  const results: Record<string, string> = {
    ...gradients.weights,
    input: graph.node('Identity', [gradients.input()]),
    output,
  };
  for (const [name, value] of Object.entries(results)) {
    graph.output(`result.${name}`, value, 'float32', shapes[name] ?? outputShape);
  }
  const session = await ort.InferenceSession.create(graph.encode('layer'));
  const feeds: Record<string, ort.Tensor> = {
    upstream: new ort.Tensor('float32', Float32Array.from(upstream), outputShape),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    const data = Float32Array.from(values[name] ?? []);
    feeds[name] = new ort.Tensor('float32', data, shape);
  }
  for (const [name, mask] of Object.entries(masks)) {
    feeds[name] = new ort.Tensor('uint8', mask, [BATCH, mask.length / BATCH]);
  }
  const fetched = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.keys(results).map((name) => [name, fetched[`result.${name}`]?.data as Float32Array]),
  );
}

/** d loss / d values, by moving each value up and down. */
export function centralDifferences(values: Float64Array, loss: () => number): Float64Array {
  return values.map((value, index) => {
    values[index] = value + STEP;
    const above = loss();
    values[index] = value - STEP;
    const below = loss();
    values[index] = value;
    return (above - below) / (2 * STEP);
  });
}

let state = 1;

/** Numbers in [-1, 1) that float32 holds exactly (Park and Miller's "minimal standard"). */
export function randomValues(count: number): Float64Array {
  return Float64Array.from({ length: count }, () => {
    state = (state * 48271) % 0x7fff_ffff;
    return Math.fround((2 * state) / 0x7fff_ffff - 1);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}
