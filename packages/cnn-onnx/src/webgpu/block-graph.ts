import type { Value } from '../onnx/graph-builder';
import { neighbourIndices, rowIndices } from './block-indices';
import type { DeviceGraph } from './device-graph';
import { type BlockLayout, filled, partCount } from './sizes';

const TAPS = 9;
/** Parts that a kernel's gradient is summed in: enough that a large GPU has work for all its cores. */
const FEWEST_PARTS = 200;
const FEWEST_TILES = 4000;

/** What a block's backward pass needs of its forward pass. */
export interface BlockForward {
  /** [batch · 4·pooledPlaces, 9·filledInputs] */
  readonly columns: Value;
  /** [batch, 4, pooledPlaces·outputs]: the convolution without its bias, by place in the pooling square. */
  readonly convolved: Value;
  /** [batch · pooledPlaces, outputs] */
  readonly pooled: Value;
}

/**
 * Convolution, pooling, bias and rectifier, which give the same in this order as in the usual one:
 *
 *     y = max(0, b + max over each square of Σ_{tap,c} x[neighbour(tap), c] · W[tap, c])
 *
 * Neighbourhoods are gathered square by square, so that pooling is a maximum over four consecutive parts.
 *
 * @param images [batch, places + 1, filledInputs], the last row zero
 */
export function blockForward(
  device: DeviceGraph,
  batch: number,
  block: BlockLayout,
  images: Value,
  weight: Value,
  bias: Value,
): BlockForward {
  const { graph } = device;
  const { filledInputs, outputs, pooledPlaces } = block;
  const indices = graph.indices(neighbourIndices(block), [4 * pooledPlaces * TAPS]);
  const gathered = graph.node('Gather', [images, indices], { axis: 1 });
  const columns = device.reshape(gathered, batch * 4 * pooledPlaces, TAPS * filledInputs);
  const product = device.product(columns, weight);
  const convolved = device.reshape(product, batch, 4, pooledPlaces * outputs);
  const largest = graph.node('ReduceMax', [convolved], { axes: [1], keepdims: 0 });
  const biased = device.add(device.reshape(largest, batch * pooledPlaces, outputs), bias);
  return { columns, convolved, pooled: graph.node('Relu', [biased]) };
}

export interface BlockGradients {
  /** [9·filledInputs, outputs] */
  readonly weight: Value;
  /** [outputs] */
  readonly bias: Value;
  /** [batch · 4·pooledPlaces, outputs] */
  readonly convolved: Value;
}

/**
 *     ∂b = Σ ∂y · [y > 0],   ∂W = Σ columnsᵀ · ∂convolved
 *
 * where ∂convolved has ∂y at the first largest value of each square.
 *
 * @param gradient by what the block puts out, [batch · pooledPlaces, outputs]
 */
export function blockBackward(
  device: DeviceGraph,
  batch: number,
  block: BlockLayout,
  { columns, convolved, pooled }: BlockForward,
  gradient: Value,
): BlockGradients {
  const { graph } = device;
  const { filledInputs, outputs, pooledPlaces } = block;
  const open = device.multiply(gradient, device.greater(pooled, graph.float(0)));
  const largest = graph.node('ArgMax', [convolved], { axis: 1, keepdims: 1 });
  const position = graph.cast(largest, 'float32');
  const chosen = graph.node('Equal', [position, graph.float([0, 1, 2, 3], [4, 1])]);
  const spread = device.multiply(
    graph.cast(chosen, 'float32'),
    device.reshape(open, batch, 1, pooledPlaces * outputs),
  );
  const rows = batch * 4 * pooledPlaces;
  const tiles = Math.ceil(outputs / 32) * Math.ceil((TAPS * filledInputs) / 32);
  const parts = partCount(rows, Math.max(FEWEST_PARTS, Math.ceil(FEWEST_TILES / tiles)));
  const turned = device.transpose(device.reshape(spread, parts, rows / parts, outputs), 0, 2, 1);
  const products = device.product(
    turned,
    device.reshape(columns, parts, rows / parts, TAPS * filledInputs),
  );
  const width = TAPS * filledInputs * outputs;
  const weight = device.reshape(device.sum(products, parts, width), outputs, TAPS * filledInputs);
  return {
    weight: device.transpose(weight, 1, 0),
    bias: device.sum(open, batch * pooledPlaces, outputs),
    convolved: device.reshape(spread, rows, outputs),
  };
}

/**
 * ∂x = ∂convolved, put back in the image's order, convolved with the kernel turned round:
 *
 *     ∂x[i, j, c] = Σ_{p,q,o} ∂convolved[i + p - 1, j + q - 1, o] · W[2 - p, 2 - q, c, o]
 *
 * @param weight [9·filledInputs, outputs]
 * @returns [batch · places, inputs]
 */
export function imageGradient(
  device: DeviceGraph,
  batch: number,
  block: BlockLayout,
  gradient: Value,
  weight: Value,
): Value {
  const { graph } = device;
  const { inputs, filledInputs, outputs, pooledPlaces, height, width, places } = block;
  const filledOutputs = filled(outputs);
  const rows = withZeroRow(
    ...([device, gradient, [batch, 4 * pooledPlaces, outputs], filledOutputs] as const),
  );
  const indices = graph.indices(rowIndices(block), [places]);
  const ordered = graph.node('Gather', [rows, indices], { axis: 1 });
  const taps = graph.indices(
    Int32Array.from({ length: TAPS }, (_, tap) => TAPS - 1 - tap),
    [TAPS],
  );
  const matrices = device.reshape(weight, TAPS, filledInputs, outputs);
  const turned = graph.node('Gather', [matrices, taps], { axis: 0 });
  const whole =
    filledOutputs === outputs
      ? turned
      : graph.node('Pad', [turned, graph.integers(0, 0, 0, 0, 0, filledOutputs - outputs)]);
  const kernel = device.reshape(
    device.transpose(whole, 1, 2, 0),
    ...[filledInputs, filledOutputs, 3, 3],
  );
  // Filled up to four: ONNX Runtime 1.30 computes wrong numbers for other multiples of three.
  // ONNX has channels first; ONNX Runtime leaves both transpositions out, as its kernel has them last.
  const planes = device.transpose(
    device.reshape(ordered, batch, height, width, filledOutputs),
    ...[0, 3, 1, 2],
  );
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  const convolved = graph.node('Conv', [planes, kernel], attributes);
  const image = device.reshape(
    device.transpose(convolved, 0, 2, 3, 1),
    ...[batch * places, filledInputs],
  );
  return filledInputs === inputs ? image : device.slice(image, 1, 0, inputs);
}

/** [batch, rows + 1, filledChannels], what is filled up and the last row zero. */
export function withZeroRow(
  device: DeviceGraph,
  value: Value,
  [batch, rows, channels]: readonly [number, number, number],
  filledChannels = channels,
): Value {
  const { graph } = device;
  const shaped = device.reshape(value, batch, rows, channels);
  return graph.node('Pad', [shaped, graph.integers(0, 0, 0, 0, 1, filledChannels - channels)]);
}
