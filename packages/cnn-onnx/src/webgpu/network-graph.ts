import { CHANNEL_MEAN, CHANNEL_STANDARD_DEVIATION, elementCount } from '@dlcmp/contract';
import type { Prediction } from '../devices/device-network';
import type { BlockSizes, NetworkSizes } from '../devices/network-sizes';
import { GraphBuilder, type Value } from '../onnx/graph-builder';
import {
  type BlockForward,
  blockBackward,
  blockForward,
  imageGradient,
  withZeroRow,
} from './block-graph';
import { type DenseWeights, denseBackward, denseForward } from './dense-graph';
import { DeviceGraph } from './device-graph';
import { type BlockLayout, blockLayout } from './sizes';
import { LARGE, type WeightLayout } from './weight-layout';

/** Steps whose losses wait on the device. */
export const MOST_PENDING = 32;

/** Length of the log: the losses of the last steps, then the numbers of those steps. */
export const LOG_LENGTH = 2 * MOST_PENDING;

/** Batch normalised, with channels last: [batch, places + 1, filledInputs], the last row zero. */
function normalise(device: DeviceGraph, pixels: Value, { filledInputs }: BlockLayout): Value {
  const { graph } = device;
  // WebGPU's kernels know bytes as quantised numbers alone.
  const values = graph.node('DequantizeLinear', [pixels, graph.float(1)]);
  const scale = CHANNEL_STANDARD_DEVIATION.map((deviation) => 1 / (255 * deviation));
  const offset = CHANNEL_MEAN.map((mean, c) => -mean / (CHANNEL_STANDARD_DEVIATION[c] as number));
  const scaled = device.multiply(values, graph.float(scale, [3]));
  const normalised = device.add(scaled, graph.float(offset, [3]));
  return graph.node('Pad', [normalised, graph.integers(0, 0, 0, 0, 1, filledInputs - 3)]);
}

function pixelInput({ graph }: DeviceGraph, batch: number, { places }: BlockLayout): Value {
  return graph.input('pixels', 'uint8', [batch, places, 3]);
}

interface Forward {
  readonly blocks: readonly BlockForward[];
  /** [batch, features] */
  readonly features: Value;
}

/** A weight's values on the device by its name. */
type WeightValues = Readonly<Record<string, Value>>;

function declareWeights(device: DeviceGraph, { shapes, offsets, packedLength }: WeightLayout) {
  const { graph } = device;
  const large = shapes[LARGE] as readonly number[];
  graph.input('large', 'float32', [elementCount(large)]);
  graph.input('packed', 'float32', [packedLength]);
  const values: Record<string, Value> = { [LARGE]: device.reshape('large', ...large) };
  for (const [name, start] of Object.entries(offsets)) {
    const shape = shapes[name] as readonly number[];
    const part = device.slice('packed', 0, start, start + elementCount(shape));
    values[name] = device.reshape(part, ...shape);
  }
  return values;
}

function forward(
  device: DeviceGraph,
  batch: number,
  sizes: NetworkSizes,
  weights: WeightValues,
  first: Value,
): Forward {
  const layouts = sizes.blocks.map(blockLayout);
  let images = first;
  const blocks = layouts.map((block, index) => {
    const { name, pooledPlaces, outputs } = block;
    const [weight, bias] = [weights[`${name}.weight`], weights[`${name}.bias`]];
    const run = blockForward(
      ...([device, batch, block, images, weight as Value, bias as Value] as const),
    );
    const next = layouts[index + 1];
    if (next) {
      const shape = [batch, pooledPlaces, outputs] as const;
      images = withZeroRow(device, run.pooled, shape, next.filledInputs);
    }
    return run;
  });
  const last = blocks.at(-1) as BlockForward;
  return { blocks, features: device.reshape(last.pooled, batch, sizes.features) };
}

function denseWeights(weights: WeightValues): DenseWeights {
  return {
    fc1: weights['fc1.weight'] as Value,
    fc1Bias: weights['fc1.bias'] as Value,
    fc2: weights['fc2.weight'] as Value,
    fc2Bias: weights['fc2.bias'] as Value,
  };
}

/** Answers for `batch` images. */
export function inferenceGraph(
  sizes: NetworkSizes,
  layout: WeightLayout,
  batch: number,
  prediction: Prediction,
): Uint8Array {
  const graph = new GraphBuilder();
  const device = new DeviceGraph(graph);
  const weights = declareWeights(device, layout);
  const block = firstBlock(sizes);
  const images = normalise(device, pixelInput(device, batch, block), block);
  const { features } = forward(device, batch, sizes, weights, images);
  const { logits } = denseForward(device, batch, sizes, features, denseWeights(weights));
  const answer = prediction === 'logits' ? logits : graph.node('Softmax', [logits], { axis: 1 });
  graph.output(prediction, answer, 'float32', [batch, sizes.classes]);
  return graph.encode('inference');
}

function firstBlock({ blocks }: NetworkSizes): BlockLayout {
  return blockLayout(blocks[0] as BlockSizes);
}

interface Gradients {
  /** [1] */
  readonly loss: Value;
  readonly large: Value;
  readonly packed: Value;
}

/** What comes up as one tensor of numbers, part after part. */
export const NUMBER_PARTS = ['target', 'keepLog', 'lossSlot', 'entry', 'rate', 'epsilon'] as const;

/** Shapes of what a step takes beside weights and state, all float32 on the device. */
export function stepInputShapes(
  sizes: NetworkSizes,
  batch: number,
): Readonly<Record<'images' | 'factor' | (typeof NUMBER_PARTS)[number], readonly number[]>> {
  const { places, filledInputs } = firstBlock(sizes);
  return {
    images: [batch, places + 1, filledInputs],
    /** What dropout multiplies each hidden unit by. */
    factor: [batch, sizes.hiddenUnits],
    /** One-hot rows. */
    target: [batch * sizes.classes],
    /** log' = keepLog · log + lossSlot · loss + entry */
    ...{ keepLog: [LOG_LENGTH], lossSlot: [LOG_LENGTH], entry: [LOG_LENGTH] },
    /** See {@link adam}. */
    ...{ rate: [1], epsilon: [1] },
  };
}

/**
 * What comes up from main memory, `pixels` and `keep` as bytes and all else in `numbers`, as a step takes it: in memory
 * that stays the same, so that a step can be recorded.
 */
export function inputGraph(sizes: NetworkSizes, batch: number): Uint8Array {
  const graph = new GraphBuilder();
  const device = new DeviceGraph(graph);
  const block = firstBlock(sizes);
  const shapes = stepInputShapes(sizes, batch);
  const images = normalise(device, pixelInput(device, batch, block), block);
  const keep = graph.input('keep', 'uint8', [batch, sizes.hiddenUnits]);
  const scale = graph.float(1 / (1 - sizes.dropoutRate));
  graph.output('images', images, 'float32', shapes.images);
  const factor = graph.node('DequantizeLinear', [keep, scale]);
  graph.output('factor', factor, 'float32', shapes.factor);
  let start = 0;
  for (const name of NUMBER_PARTS) {
    const end = start + elementCount(shapes[name]);
    graph.output(name, device.slice('numbers', 0, start, end), 'float32', shapes[name]);
    start = end;
  }
  graph.input('numbers', 'float32', [start]);
  return graph.encode('input');
}

/** Forward and backward pass: the loss, and the gradients laid out as the weights are. */
function gradients(
  device: DeviceGraph,
  sizes: NetworkSizes,
  layout: WeightLayout,
  batch: number,
): Gradients {
  const { graph } = device;
  const weights = declareWeights(device, layout);
  const dense = denseWeights(weights);
  const shapes = stepInputShapes(sizes, batch);
  const [images, factor, target] = (['images', 'factor', 'target'] as const).map((name) =>
    graph.input(name, 'float32', shapes[name]),
  ) as [Value, Value, Value];
  const { blocks, features } = forward(device, batch, sizes, weights, images);
  const rows = device.reshape(target, batch, sizes.classes);
  const run = denseForward(device, batch, sizes, features, dense, factor);
  const back = denseBackward(
    ...([device, batch, sizes, features, dense, run, { target: rows, factor }] as const),
  );
  const found: Record<string, Value> = {
    'fc1.bias': back.fc1Bias,
    'fc2.weight': back.fc2,
    'fc2.bias': back.fc2Bias,
  };
  let gradient = back.features;
  for (let index = blocks.length - 1; index >= 0; index--) {
    const block = blockLayout(sizes.blocks[index] as (typeof sizes.blocks)[number]);
    const shaped = device.reshape(gradient, batch * block.pooledPlaces, block.outputs);
    const { weight, bias, convolved } = blockBackward(
      ...([device, batch, block, blocks[index] as BlockForward, shaped] as const),
    );
    found[`${block.name}.weight`] = weight;
    found[`${block.name}.bias`] = bias;
    if (index > 0) {
      const value = weights[`${block.name}.weight`] as Value;
      gradient = imageGradient(device, batch, block, convolved, value);
    }
  }
  const parts = Object.keys(layout.offsets).map((name) => device.reshape(found[name] as Value, -1));
  return {
    loss: device.reshape(back.loss, 1),
    large: device.reshape(back.fc1, -1),
    packed: graph.node('Concat', parts, { axis: 0 }),
  };
}

/** Puts out `loss` and the gradients `large.gradient` and `packed.gradient`. */
export function gradientGraph(
  sizes: NetworkSizes,
  layout: WeightLayout,
  batch: number,
): Uint8Array {
  const graph = new GraphBuilder();
  const { loss, large, packed } = gradients(new DeviceGraph(graph), sizes, layout, batch);
  graph.output('loss', loss, 'float32', [1]);
  graph.output('large.gradient', large, 'float32', [largeLength(layout)]);
  graph.output('packed.gradient', packed, 'float32', [layout.packedLength]);
  return graph.encode('gradients');
}

function largeLength({ shapes }: WeightLayout): number {
  return elementCount(shapes[LARGE] as readonly number[]);
}

/**
 * One step of Adam, with moments that leave out the factors 1 - β, which `rate` and `epsilon` make up for:
 *
 *     m' = β₁m + g,   v' = β₂v + g²,   w' = w - rate · m' / (√v' + epsilon)
 */
function adam(
  device: DeviceGraph,
  name: string,
  length: number,
  gradient: Value,
  [beta1, beta2]: readonly [number, number],
): void {
  const { graph } = device;
  const shape = [length];
  const mean = graph.input(`${name}.mean`, 'float32', shape);
  const variance = graph.input(`${name}.variance`, 'float32', shape);
  const nextMean = device.add(device.multiply(mean, graph.float(beta1)), gradient);
  const square = device.multiply(gradient, gradient);
  const nextVariance = device.add(device.multiply(variance, graph.float(beta2)), square);
  const root = device.add(graph.node('Sqrt', [nextVariance]), 'epsilon');
  const step = device.multiply(graph.node('Div', [nextMean, root]), 'rate');
  graph.output(`${name}.next`, graph.node('Sub', [name, step]), 'float32', shape);
  graph.output(`${name}.mean.next`, nextMean, 'float32', shape);
  graph.output(`${name}.variance.next`, nextVariance, 'float32', shape);
}

/** One training step: weights, moments and `log` to the next ones, which are called `.next`. */
export function trainingGraph(
  sizes: NetworkSizes,
  layout: WeightLayout,
  batch: number,
  betas: readonly [number, number],
): Uint8Array {
  const graph = new GraphBuilder();
  const device = new DeviceGraph(graph);
  const { loss, large, packed } = gradients(device, sizes, layout, batch);
  const shapes = stepInputShapes(sizes, batch);
  for (const name of ['keepLog', 'lossSlot', 'entry', 'rate', 'epsilon'] as const) {
    graph.input(name, 'float32', shapes[name]);
  }
  adam(device, 'large', largeLength(layout), large, betas);
  adam(device, 'packed', layout.packedLength, packed, betas);
  const log = graph.input('log', 'float32', [LOG_LENGTH]);
  const others = device.add(device.multiply(log, 'keepLog'), 'entry');
  const next = device.add(others, device.multiply('lossSlot', loss));
  graph.output('log.next', next, 'float32', [LOG_LENGTH]);
  return graph.encode('training');
}
