import { elementCount } from '@dlcmp/contract';
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

/** One run of a layer, on its own, forward and backward. */
export interface LayerRun {
  readonly layer: Layer;
  readonly inputShape: SampleShape;
  /** The layer's `input`, its weights and its state by their names. */
  readonly values: Readonly<Record<string, ArrayLike<number>>>;
  /** Gradient of the layer's output. */
  readonly upstream: ArrayLike<number>;
  readonly masks?: Readonly<Record<string, Uint8Array>>;
}

/** What came of a {@link LayerRun}. */
export interface LayerResults {
  readonly output: Float32Array;
  /** Of `input` and each weight. */
  readonly gradients: Readonly<Record<string, Float32Array>>;
  readonly nextState: Readonly<Record<string, Float32Array>>;
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
  const shapes = { input: [BATCH, ...inputShape], ...layer.weightShapes(inputShape) };
  const values = randomTensors(shapes);
  const state = randomTensors(layer.stateShapes?.(inputShape) ?? {});
  const upstream = randomValues(BATCH * elementCount(layer.outputShape(inputShape)));
  const actual = await runLayer({ ...check, values: { ...values, ...state }, upstream });

  const evaluate = () => {
    const { input, ...rest } = values as { input: Float64Array } & Record<string, Float64Array>;
    return reference(input, rest);
  };
  const errors: Record<string, number> = { output: relativeError(actual.output, evaluate()) };
  for (const [name, tensor] of Object.entries(values)) {
    const expected = centralDifferences(tensor, () => dot(evaluate(), upstream));
    errors[name] = relativeError(actual.gradients[name] ?? [], expected);
  }
  return errors;
}

/** Runs a layer in a graph of its own, as in training. */
export async function runLayer(run: LayerRun): Promise<LayerResults> {
  const { layer, inputShape, values, upstream, masks = {} } = run;
  const outputSize = elementCount(layer.outputShape(inputShape));
  const batch = upstream.length / outputSize;
  const outputShape = [batch, ...layer.outputShape(inputShape)];
  const weights = { input: [batch, ...inputShape], ...layer.weightShapes(inputShape) };
  const state = layer.stateShapes?.(inputShape) ?? {};
  const graph = new GraphBuilder();
  for (const [name, shape] of Object.entries({ ...weights, ...state })) {
    graph.input(name, 'float32', shape);
  }
  const applied = layer.apply('input', { graph, training: true, inputShape });
  const gradients = applied.backward(graph.input('upstream', 'float32', outputShape));
  // An output of the graph must come out of a node, which a layer that passes its gradient on lacks.
  const inputGradient = graph.node('Identity', [gradients.input()]);
  const results = [
    ['output', applied.output, outputShape],
    ...named('gradient', { ...gradients.weights, input: inputGradient }, weights),
    ...named('state', applied.nextState ?? {}, state),
  ] as const;
  for (const [name, value, shape] of results) graph.output(name, value, 'float32', shape);

  const feeds: Record<string, ort.Tensor> = { upstream: floatTensor(upstream, outputShape) };
  for (const [name, shape] of Object.entries({ ...weights, ...state })) {
    feeds[name] = floatTensor(values[name] as ArrayLike<number>, shape);
  }
  for (const [name, mask] of Object.entries(masks)) {
    feeds[name] = new ort.Tensor('uint8', mask, [batch, ...inputShape]);
  }
  const fetched = await runGraph(graph, feeds);
  return {
    output: fetched.output as Float32Array,
    gradients: withPrefix('gradient', fetched),
    nextState: withPrefix('state', fetched),
  };
}

/** All outputs of `graph` by name. */
export async function runGraph(
  graph: GraphBuilder,
  feeds: Record<string, ort.Tensor>,
): Promise<Record<string, Float32Array>> {
  const session = await ort.InferenceSession.create(graph.encode('test'));
  const fetched = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(fetched).map(([name, tensor]) => [name, tensor.data as Float32Array]),
  );
}

export function floatTensor(values: ArrayLike<number>, shape: readonly number[]): ort.Tensor {
  return new ort.Tensor('float32', Float32Array.from(values), shape);
}

function named(
  prefix: string,
  values: Readonly<Record<string, string>>,
  shapes: Readonly<Record<string, readonly number[]>>,
) {
  return Object.entries(values).map(
    ([name, value]) => [`${prefix}/${name}`, value, shapes[name] as readonly number[]] as const,
  );
}

function withPrefix(prefix: string, fetched: Record<string, Float32Array>) {
  return Object.fromEntries(
    Object.entries(fetched)
      .filter(([name]) => name.startsWith(`${prefix}/`))
      .map(([name, data]) => [name.slice(prefix.length + 1), data]),
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

function randomTensors(shapes: Readonly<Record<string, readonly number[]>>) {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, randomValues(elementCount(shape))]),
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}
