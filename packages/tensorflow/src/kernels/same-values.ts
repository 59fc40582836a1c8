import type { CastAttrs, ReshapeAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { TF_INT64 } from '../binding/data-types';
import type { NodeBackend } from '../node-backend';
import { cutFractions } from './cast';

/** tf.reshape to the shape that a tensor has already: nothing is computed. */
export function reshapeToSame(
  backend: NodeBackend,
  x: TensorInfo,
  { shape }: ReshapeAttrs,
): TensorInfo | undefined {
  const isSame =
    shape.length === x.shape.length && shape.every((size, axis) => size === x.shape[axis]);
  return isSame ? share(backend, x, x.dtype) : undefined;
}

/** tf.cast to the type that a tensor has already, and of fractions to whole numbers, here where they have not left JavaScript yet. */
export function castInJavaScript(
  backend: NodeBackend,
  x: TensorInfo,
  { dtype }: CastAttrs,
): TensorInfo | undefined {
  const { values, dtype: held } = backend.tensorMap.get(x.dataId);
  // What a SavedModel gives as int64 says that it is int32.
  if (dtype === x.dtype && held !== TF_INT64) return share(backend, x, dtype);
  if (dtype !== 'int32' || x.dtype !== 'float32') return undefined;
  if (!(values instanceof Float32Array)) return cutFractions(backend, x, dtype);
  const dataId = backend.write(Int32Array.from(values), x.shape, 'int32');
  return { dataId, shape: x.shape, dtype };
}

/** The data of a tensor as another tensor. */
export function share(backend: NodeBackend, x: TensorInfo, dtype: TensorInfo['dtype']): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype };
}
