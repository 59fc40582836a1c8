import type {
  MaxPoolAttrs,
  MaxPoolGradAttrs,
  NamedAttrMap,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { TF_FLOAT } from '../binding/data-types';
import type { OpAttribute } from '../binding/op-attributes';
import type { TensorFlow } from '../tensorflow-js';
import { integers, text, type } from './attributes';

/**
 * Attributes of max-pooling that TensorFlow's ops of it have in common; undefined for explicit padding and for other types
 * than float32.
 *
 * @param x what is pooled
 */
export function poolWindow(
  { backend_util }: TensorFlow,
  { shape, dtype }: TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: MaxPoolAttrs | (MaxPoolGradAttrs & NamedAttrMap),
): OpAttribute[] | undefined {
  const info = backend_util.computePool2DInfo(
    ...([shape as [number, number, number, number], filterSize, strides] as const),
    ...([1, pad, dimRoundingMode] as const),
  );
  const padding = info.padInfo.type;
  if (dtype !== 'float32' || (padding !== 'VALID' && padding !== 'SAME')) return undefined;
  return [
    type('T', TF_FLOAT),
    integers('ksize', [1, info.filterHeight, info.filterWidth, 1]),
    integers('strides', [1, info.strideHeight, info.strideWidth, 1]),
    text('padding', padding),
  ];
}
