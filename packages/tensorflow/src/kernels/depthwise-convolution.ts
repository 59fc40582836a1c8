import type { DepthwiseConv2dNativeAttrs, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';
import { geometryOf } from './convolution-geometry';
import { hasOneDnn, ONEDNN_LABEL } from './one-dnn';

/**
 * A convolution of each channel by itself, by oneDNN, which knows dilations: TensorFlow's own kernel for CPUs does not.
 *
 * @returns undefined for what oneDNN does not cover
 */
export function oneDnnDepthwiseConv2D(
  tf: TensorFlow,
  backend: NodeBackend,
  { x, filter }: { x: TensorInfo; filter: TensorInfo },
  attributes: DepthwiseConv2dNativeAttrs,
): Tensor | undefined {
  const dilations = attributes.dilations ?? 1;
  const geometry =
    hasOneDnn(backend) && geometryOf(tf, x, filter, { ...attributes, dilations, depthwise: true });
  if (!geometry) return undefined;
  return backend.executeSingleOutput(
    '_MklNativeDepthwiseConv2dNative',
    [...geometry, ONEDNN_LABEL],
    [x, filter],
  );
}
