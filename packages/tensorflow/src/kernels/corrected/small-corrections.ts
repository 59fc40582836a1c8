import type {
  CumsumAttrs,
  FusedBatchNormAttrs,
  GatherV2Attrs,
  KernelFunc,
  NamedAttrMap,
  NamedTensorMap,
  PadV2Attrs,
  SparseToDenseAttrs,
  Tensor,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import { TF_INT32 } from '../../binding/data-types';
import type { NodeBackend } from '../../node-backend';
import type { TensorFlow } from '../../tensorflow-js';
import { bool, type, typeAttribute } from '../attributes';
import { cutFractions } from '../cast';
import type { Inputs } from '../partial-kernel';

/** x where it is positive, alpha·x elsewhere; tfjs-node's own way gives NaN for infinities. */
export function prelu(tf: TensorFlow, { x, alpha }: Inputs<'x' | 'alpha'>): Tensor {
  return tf.tidy(() => {
    const [value, slope] = [x, alpha].map((tensor) => tf.cast(tensor as Tensor, 'float32'));
    return tf.where(tf.less(value!, 0), tf.mul(value!, slope!), value!);
  });
}

/** 1 ÷ x, whole numbers too; TensorFlow's reciprocal of 1 is a little less than 1, of which nothing is left then. */
export function reciprocalOfIntegers(
  tf: TensorFlow,
  backend: NodeBackend,
  { x }: Inputs<'x'>,
): Tensor | undefined {
  const { dtype } = x;
  if (dtype !== 'int32' && dtype !== 'bool') return undefined;
  return tf.tidy(() => cutFractions(backend, tf.div(1, tf.cast(x as Tensor, 'float32')), dtype));
}

/** Negative padding cuts off; TensorFlow has none. */
export function padOrCut(
  tf: TensorFlow,
  { x }: Inputs<'x'>,
  { paddings, constantValue }: PadV2Attrs,
): Tensor | undefined {
  if (paddings.flat().every((size) => size >= 0)) return undefined;
  return tf.tidy(() => {
    const begin = paddings.map(([before]) => Math.max(0, -before));
    const sizes = x.shape.map(
      (size, axis) => size - begin[axis]! - Math.max(0, -paddings[axis]![1]),
    );
    const rest = paddings.map(([before, after]) => [Math.max(0, before), Math.max(0, after)]);
    const cut = tf.slice(x as Tensor, begin, sizes);
    return tf.pad(cut, rest as [number, number][], constantValue);
  });
}

/** The running sum or product of one number, for which TensorFlow wants an axis. */
export function scanOfOne(
  tf: TensorFlow,
  kernel: string,
  _: NodeBackend,
  { x }: Inputs<'x'>,
  attributes: CumsumAttrs,
): Tensor | undefined {
  if (x.shape.length > 0) return undefined;
  return tf.tidy(() => {
    const attrs = { ...attributes, axis: 0 } as unknown as NamedAttrMap;
    const vector = tf.reshape(x as Tensor, [1]);
    return tf.reshape(tf.engine().runKernel(kernel, { x: vector }, attrs) as Tensor, []);
  });
}

/** The matrix with one number on its diagonal is that number; TensorFlow wants an axis. */
export function diagonalOfOne(tf: TensorFlow, { x }: Inputs<'x'>): Tensor | undefined {
  return x.shape.length === 0 ? tf.clone(x as Tensor) : undefined;
}

/**
 * Batch norm with other than one number for each channel, or of other than images in float32, by the formula; TensorFlow's op takes
 * just these.
 */
export function batchNormByFormula(
  tf: TensorFlow,
  _: NodeBackend,
  {
    x,
    mean,
    variance,
    scale,
    offset,
  }: Inputs<'x' | 'mean' | 'variance'> & Partial<Inputs<'scale' | 'offset'>>,
  { varianceEpsilon }: FusedBatchNormAttrs,
): Tensor | undefined {
  const channels = x.shape.at(-1);
  const perChannel = [mean, variance, scale, offset].every(
    (tensor) => !tensor || (tensor.shape.length === 1 && tensor.shape[0] === channels),
  );
  if (x.shape.length === 4 && x.dtype === 'float32' && perChannel && !x.shape.includes(0)) {
    return undefined;
  }
  return tf.tidy(() => {
    const inverse = tf.rsqrt(tf.add(variance as Tensor, varianceEpsilon));
    const factor = scale ? tf.mul(inverse, scale as Tensor) : inverse;
    const normalised = tf.mul(tf.sub(x as Tensor4D, mean as Tensor), factor);
    return offset ? tf.add(normalised, offset as Tensor) : normalised;
  });
}

/** Axes below 0 count from the end; tfjs-node's check of the indices does not know them. */
export function gatherFromTheEnd(
  tf: TensorFlow,
  { x, indices }: Inputs<'x' | 'indices'>,
  attributes: GatherV2Attrs,
): Tensor | undefined {
  if (attributes.axis >= 0) return undefined;
  const attrs = {
    ...attributes,
    axis: attributes.axis + x.shape.length,
  } as unknown as NamedAttrMap;
  const inputs = { x, indices } as unknown as NamedTensorMap;
  return tf.engine().runKernel(tf.GatherV2, inputs, attrs) as Tensor;
}

/** Sparse elements in any order; tfjs-node has TensorFlow insist on a sorted one. */
export function sparseToDense(
  tf: TensorFlow,
  backend: NodeBackend,
  {
    sparseIndices,
    sparseValues,
    defaultValue,
  }: Inputs<'sparseIndices' | 'sparseValues' | 'defaultValue'>,
  { outputShape }: SparseToDenseAttrs,
): Tensor {
  const attributes = [
    bool('validate_indices', false),
    typeAttribute('T', backend, sparseValues),
    type('Tindices', TF_INT32),
  ];
  return tf.tidy(() => {
    const shape = tf.tensor1d(outputShape, 'int32');
    const inputs = [sparseIndices, shape, sparseValues, defaultValue];
    return backend.executeSingleOutput('SparseToDense', attributes, inputs);
  });
}

/** Draws by probabilities too, of which TensorFlow wants the logarithms. */
export function multinomial(tf: TensorFlow, stock: KernelFunc): KernelFunc {
  return (call) => {
    const { normalized, ...attributes } = call.attrs as NamedAttrMap;
    if (!normalized) return stock(call);
    const { logits: probabilities } = call.inputs as Inputs<'logits'>;
    return tf.tidy(() => {
      const logits = tf.log(probabilities as Tensor);
      const attrs = { ...attributes, normalized: false } as NamedAttrMap;
      return stock({ ...call, inputs: { logits }, attrs }) as Tensor;
    });
  };
}
