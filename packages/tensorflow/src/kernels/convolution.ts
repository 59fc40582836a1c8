import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
  Tensor,
  Tensor4D,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { TF_FLOAT, TF_INT32 } from '../binding/data-types';
import type { OpAttribute } from '../binding/op-attributes';
import type { NodeBackend } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';
import { shouldTile } from '../winograd/tile-pools';
import { winogradConvolveRectifyPool } from '../winograd/winograd-convolution';
import { float, integers, texts, types } from './attributes';
import { geometryOf } from './convolution-geometry';
import { hasOneDnn, ONEDNN_LABEL } from './one-dnn';

/*
 * 2-D convolutions, by oneDNN where there is one. Each function returns undefined for what it does not cover, which is
 * left to TensorFlow's own kernel.
 */

/** `x` convolved with `filter`. */
export function oneDnnConv2D(
  tf: TensorFlow,
  backend: NodeBackend,
  { x, filter }: { x: TensorInfo; filter: TensorInfo },
  attributes: Conv2DAttrs,
): Tensor | undefined {
  const geometry = hasOneDnn(backend) && geometryOf(tf, x, filter, attributes);
  if (!geometry) return undefined;
  return backend.executeSingleOutput('_MklNativeConv2D', [...geometry, ONEDNN_LABEL], [x, filter]);
}

/** What TensorFlow.js calls an activation, and TensorFlow's op for it that it can do with the convolution. */
const FUSED_ACTIVATIONS: Readonly<Record<string, readonly string[]>> = {
  linear: [],
  relu: ['Relu'],
  relu6: ['Relu6'],
  elu: ['Elu'],
};

/** `x` convolved with `filter`, plus a bias for each channel, through an activation, all in one pass. */
export function fusedConv2D(
  tf: TensorFlow,
  backend: NodeBackend,
  { x, filter, bias }: { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo },
  attributes: FusedConv2DAttrs,
): Tensor | undefined {
  const activation = FUSED_ACTIVATIONS[attributes.activation ?? 'linear'];
  const isPerChannel =
    bias?.dtype === 'float32' && bias.shape.length === 1 && bias.shape[0] === filter.shape[3];
  if (!activation || !bias || !isPerChannel) return undefined;
  const geometry = geometryOf(tf, x, filter, attributes);
  if (!geometry) return undefined;
  const oneDnn = hasOneDnn(backend);
  const fusion = [
    integers('num_args', 1),
    types('TArgs', [TF_FLOAT]),
    texts('fused_ops', ['BiasAdd', ...activation]),
    float('epsilon', 0),
    ...(oneDnn ? [ONEDNN_LABEL] : []),
  ];
  return backend.executeSingleOutput(
    oneDnn ? '_MklNativeFusedConv2D' : '_FusedConv2D',
    [...geometry, ...fusion],
    [x, filter, bias],
  );
}

/**
 * `x` convolved with `filter` (3×3, padding `same`), plus a bias for each channel, through a rectifier and 2×2 max-pooling:
 * by tiles where that is faster, so that only the maxima are written.
 */
export function convolveRectifyPool(
  tf: TensorFlow,
  backend: NodeBackend,
  inputs: { x: Tensor4D; filter: Tensor4D; bias: Tensor },
): Tensor {
  const pooled = shouldTile(backend) && winogradConvolveRectifyPool(tf, backend, inputs);
  if (pooled) return pooled;
  const options = { strides: 1, pad: 'same', activation: 'relu' } as const;
  return tf.tidy(() => tf.maxPool(tf.fused.conv2d({ ...inputs, ...options }), 2, 2, 'valid'));
}

/** The gradient of a convolution's input. */
export function oneDnnConv2DInputGradient(
  tf: TensorFlow,
  backend: NodeBackend,
  { dy, filter }: { dy: TensorInfo; filter: TensorInfo },
  attributes: Conv2DBackpropInputAttrs,
): Tensor | undefined {
  const x = { ...dy, shape: attributes.inputShape };
  const geometry = hasOneDnn(backend) && geometryOf(tf, x, filter, { ...attributes, dilations: 1 });
  if (!geometry || dy.dtype !== 'float32') return undefined;
  const ids = backend.getInputTensorIds([filter, dy]);
  return withSizes(backend, attributes.inputShape, (sizes) =>
    execute(backend, '_MklNativeConv2DBackpropInput', geometry, [sizes, ...ids]),
  );
}

/**
 * Up to as many channels of the input, oneDNN's filter gradient is faster than TensorFlow's own, which multiplies with
 * patches of the image; with more it is slower, by up to a half without AVX-512.
 */
const FEW_CHANNELS = 8;

/** The gradient of a convolution's filter, where the input has few channels. */
export function oneDnnConv2DFilterGradient(
  tf: TensorFlow,
  backend: NodeBackend,
  { x, dy }: { x: TensorInfo; dy: TensorInfo },
  attributes: Conv2DBackpropFilterAttrs,
): Tensor | undefined {
  const filter = { ...x, shape: attributes.filterShape };
  if (attributes.filterShape[2] > FEW_CHANNELS) return undefined;
  const geometry = hasOneDnn(backend) && geometryOf(tf, x, filter, { ...attributes, dilations: 1 });
  if (!geometry || dy.dtype !== 'float32') return undefined;
  const [input, gradient] = backend.getInputTensorIds([x, dy]) as [number, number];
  return withSizes(backend, attributes.filterShape, (sizes) =>
    execute(backend, '_MklNativeConv2DBackpropFilter', geometry, [input, sizes, gradient]),
  );
}

function execute(
  backend: NodeBackend,
  op: string,
  attributes: readonly OpAttribute[],
  inputs: readonly number[],
): Tensor | undefined {
  const [output] = backend.binding.executeOp(op, [...attributes, ONEDNN_LABEL], inputs, 1);
  return output && backend.createOutputTensor(output);
}

/** Calls `compute` with the number of a tensor that holds `shape`, as TensorFlow's gradients take it. */
function withSizes<Result>(
  { binding }: NodeBackend,
  shape: readonly number[],
  compute: (sizes: number) => Result,
): Result {
  const sizes = binding.createTensor([shape.length], TF_INT32, Int32Array.from(shape));
  try {
    return compute(sizes);
  } finally {
    binding.deleteTensor(sizes);
  }
}
