import type { Conv2DAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { TF_FLOAT } from '../binding/data-types';
import type { OpAttribute } from '../binding/op-attributes';
import type { TensorFlow } from '../tensorflow-js';
import { integers, text, type } from './attributes';

interface Geometry extends Pick<Conv2DAttrs, 'strides' | 'pad' | 'dilations' | 'dimRoundingMode'> {
  /** Default: `NHWC`. */
  readonly dataFormat?: Conv2DAttrs['dataFormat'];
  /** Whether every channel has filters of its own. Default: false. */
  readonly depthwise?: boolean;
}

/**
 * Attributes of a convolution, which TensorFlow's ops of it have in common; undefined for grouped channels, explicit
 * padding and other types.
 */
export function geometryOf(
  { backend_util }: TensorFlow,
  x: TensorInfo,
  filter: TensorInfo,
  { strides, pad, dataFormat = 'NHWC', dilations, dimRoundingMode, depthwise = false }: Geometry,
): OpAttribute[] | undefined {
  if (x.dtype !== 'float32' || filter.dtype !== 'float32' || dataFormat !== 'NHWC')
    return undefined;
  const info = backend_util.computeConv2DInfo(
    ...([x.shape, filter.shape] as [Shape4D, Shape4D]),
    ...([strides, dilations, pad, dimRoundingMode, depthwise] as const),
  );
  const padding = info.padInfo.type;
  const isEmpty = [...info.outShape, ...filter.shape].includes(0);
  if (isEmpty || info.inChannels !== filter.shape[2]) return undefined;
  if (padding !== 'VALID' && padding !== 'SAME') return undefined;
  return [
    type('T', TF_FLOAT),
    integers('strides', [1, info.strideHeight, info.strideWidth, 1]),
    integers('dilations', [1, info.dilationHeight, info.dilationWidth, 1]),
    text('padding', padding),
    text('data_format', 'NHWC'),
  ];
}

type Shape4D = [number, number, number, number];
