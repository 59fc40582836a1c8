import { FILTER_TRANSFORM } from '@dlcmp/kernels';
import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
  Tensor,
  Tensor4D,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { TF_FLOAT } from '../binding/data-types';
import { assertSucceeded } from '../binding/native-library';
import type { NodeBackend } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';
import { convolveCall, sumCall } from './thread-functions';
import { HEADER_BYTES } from './tile-memory';
import { tilePoolOf } from './tile-pools';
import type { Finish } from './tile-thread';
import { type ConvolutionShape, FLOAT, layOut, POSITIONS, tile } from './tiling';

/*
 * Convolutions 3×3 and their gradients by Winograd's F(4×4, 3×3): a quarter of the multiplications. They need
 * `canTile`; each function returns undefined for what it does not cover.
 */

/** `x` convolved with `filter`. */
export function winogradConv2D(
  tf: TensorFlow,
  backend: NodeBackend,
  { x, filter }: { x: TensorInfo; filter: TensorInfo },
  attributes: Conv2DAttrs,
): Tensor | undefined {
  const shape = shapeOf(tf, x, filter.shape, attributes);
  return shape && convolve(backend, shape, x, matricesOf(tf, filter as Tensor4D));
}

/** `x` convolved with `filter`, plus a bias for each channel, with or without a rectifier. */
export function winogradFusedConv2D(
  tf: TensorFlow,
  backend: NodeBackend,
  { x, filter, bias }: { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo },
  attributes: FusedConv2DAttrs,
): Tensor | undefined {
  const { activation = 'linear' } = attributes;
  if (activation !== 'linear' && activation !== 'relu') return undefined;
  if (bias && (bias.dtype !== 'float32' || bias.shape.at(-1) !== filter.shape[3])) return undefined;
  const shape = shapeOf(tf, x, filter.shape, attributes);
  const least = activation === 'relu' ? 0 : -Infinity;
  const finish = { bias, least, pooled: false };
  return shape && convolve(backend, shape, x, matricesOf(tf, filter as Tensor4D), finish);
}

/** `x` convolved with `filter` (padding `same`), plus a bias for each channel, through a rectifier and 2×2 max-pooling. */
export function winogradConvolveRectifyPool(
  tf: TensorFlow,
  backend: NodeBackend,
  { x, filter, bias }: { x: TensorInfo; filter: TensorInfo; bias: TensorInfo },
): Tensor | undefined {
  const shape = shapeOf(tf, x, filter.shape, { strides: 1, pad: 'same', dilations: 1 });
  if (!shape || shape.height < 2 || shape.width < 2) return undefined;
  const finish = { bias, least: 0, pooled: true };
  return convolve(backend, shape, x, matricesOf(tf, filter as Tensor4D), finish);
}

/** The gradient of a convolution's input: its output's, convolved with the filter turned by half a turn. */
export function winogradInputGradient(
  tf: TensorFlow,
  backend: NodeBackend,
  { dy, filter }: { dy: TensorInfo; filter: TensorInfo },
  attributes: Conv2DBackpropInputAttrs,
): Tensor | undefined {
  const x = { ...dy, shape: attributes.inputShape };
  const shape = shapeOf(tf, x, filter.shape, { ...attributes, dilations: 1 });
  if (!shape || dy.dtype !== 'float32') return undefined;
  const { inputs, outputs } = shape;
  const turned = tf.tidy(() => {
    const positions = tf.reverse(tf.reshape(filter as Tensor4D, [9, inputs, outputs]), 0);
    return tf.reshape(tf.transpose(positions, [0, 2, 1]), [3, 3, outputs, inputs]) as Tensor4D;
  });
  const matrices = matricesOf(tf, turned);
  turned.dispose();
  return convolve(backend, { ...shape, inputs: outputs, outputs: inputs }, dy, matrices);
}

/** The gradient of a convolution's filter. */
export function winogradFilterGradient(
  tf: TensorFlow,
  backend: NodeBackend,
  { x, dy }: { x: TensorInfo; dy: TensorInfo },
  attributes: Conv2DBackpropFilterAttrs,
): Tensor | undefined {
  const { filterShape } = attributes;
  const shape = shapeOf(tf, x, filterShape, { ...attributes, dilations: 1 });
  if (!shape || dy.dtype !== 'float32') return undefined;
  const pool = tilePoolOf(backend);
  const tiling = tile(shape, pool.threads);
  const layout = layOut(shape, tiling, true);
  const filterBytes = shape.inputs * shape.outputs * FLOAT;
  const gradients = pool.reserve(layout.bytes, 9 * filterBytes);
  const [images, outputGradients] = [dataOf(backend, x), dataOf(backend, dy)];
  pool.run(shape, tiling, (work) => sumCall(work, images, outputGradients));
  pool.kernels.gatherHwioFilterGradients({
    gradients,
    sums: HEADER_BYTES + layout.sum,
    parts: pool.threads,
    partBytes: layout.bytes,
    scratch: HEADER_BYTES + layout.scratch,
    filters: shape.inputs * shape.outputs,
  });
  return tensorOf(backend, filterShape, (data) =>
    pool.memory.copyOut(data, gradients, 9 * filterBytes),
  );
}

interface ConvolutionFinish extends Finish {
  readonly bias: TensorInfo | undefined;
}

const UNFINISHED: ConvolutionFinish = { bias: undefined, least: -Infinity, pooled: false };

/** @param matrices [positions, inputs, outputs], disposed */
function convolve(
  backend: NodeBackend,
  shape: ConvolutionShape,
  images: TensorInfo,
  matrices: Tensor,
  { bias, least, pooled } = UNFINISHED,
): Tensor {
  const { count, outputs } = shape;
  const [height, width] = [shape.height, shape.width].map((size) =>
    pooled ? Math.floor(size / 2) : size,
  ) as [number, number];
  const pool = tilePoolOf(backend);
  const tiling = tile(shape, pool.threads);
  pool.reserve(layOut(shape, tiling, false).bytes);
  const inputs = {
    images: dataOf(backend, images),
    filters: dataOf(backend, matrices),
    bias: bias ? dataOf(backend, bias) : 0,
  };
  try {
    return tensorOf(backend, [count, height, width, outputs], (results) =>
      pool.run(shape, tiling, (work) =>
        convolveCall(work, { ...inputs, results }, { least, pooled }),
      ),
    );
  } finally {
    matrices.dispose();
  }
}

/** A filter [3, 3, inputs, outputs] as matrices [positions, inputs, outputs]: G g Gᵀ. */
function matricesOf(tf: TensorFlow, filter: Tensor4D): Tensor {
  const [, , inputs, outputs] = filter.shape;
  return tf.tidy(() => {
    const transform = tf.tensor2d(FILTER_TRANSFORM, [POSITIONS, 9]);
    const values = tf.reshape(filter, [9, inputs * outputs]);
    return tf.reshape(tf.matMul(transform, values), [POSITIONS, inputs, outputs]);
  });
}

/** Address of a tensor's data. */
function dataOf(backend: NodeBackend, tensor: TensorInfo): number {
  const { binding } = backend;
  const { library } = binding.eager;
  const [id] = backend.getInputTensorIds([tensor]) as [number];
  const data = library.c.TFE_TensorHandleDevicePointer(binding.handleOf(id), library.status);
  assertSucceeded(library, 'the address of a tensor');
  return Number(data);
}

/** A new float32 tensor, which `fill` writes, given the address of its data. */
function tensorOf(
  backend: NodeBackend,
  shape: readonly number[],
  fill: (data: number) => void,
): Tensor {
  const { library } = backend.binding.eager;
  const { c, status } = library;
  const bytes = shape.reduce((product, size) => product * size, FLOAT);
  const tensor = c.TF_AllocateTensor(
    ...([TF_FLOAT, BigInt64Array.from(shape, BigInt), shape.length, bytes] as const),
  );
  try {
    fill(Number(c.TF_TensorData(tensor)));
    const handle = c.TFE_NewTensorHandle(tensor, status);
    assertSucceeded(library, 'a new tensor');
    return backend.createOutputTensor(backend.binding.adopt(handle));
  } finally {
    c.TF_DeleteTensor(tensor);
  }
}

/** With fewer channels, the transforms take longer than the products that they save. */
const FEWEST_CHANNELS = 16;

/** The shape of a convolution that is covered, and worth it. */
function shapeOf(
  tf: TensorFlow,
  x: TensorInfo,
  filterShape: readonly number[],
  { strides, pad, dataFormat = 'NHWC', dilations, dimRoundingMode }: Partial<Conv2DAttrs>,
): ConvolutionShape | undefined {
  const [filterHeight, filterWidth, inputs = 0, outputs = 0] = filterShape;
  if (filterHeight !== 3 || filterWidth !== 3 || inputs !== x.shape[3]) return undefined;
  if (dataFormat !== 'NHWC' || x.dtype !== 'float32') return undefined;
  if (![inputs, outputs].every((size) => size >= FEWEST_CHANNELS && size % 4 === 0)) {
    return undefined;
  }
  const info = tf.backend_util.computeConv2DInfo(
    ...([x.shape, filterShape] as [Shape4D, Shape4D]),
    ...([strides, dilations, pad, dimRoundingMode] as [1, 1, 'same', 'floor']),
  );
  const { top, bottom, left, right } = info.padInfo;
  const steps = [info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth];
  if ([...steps, top, bottom, left, right].some((size) => size !== 1)) return undefined;
  const { batchSize: count, inHeight: height, inWidth: width } = info;
  return count * height * width > 0 ? { count, height, width, inputs, outputs } : undefined;
}

type Shape4D = [number, number, number, number];
