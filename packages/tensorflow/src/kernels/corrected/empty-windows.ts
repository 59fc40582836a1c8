import type { KernelFunc, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-js';
import { wrapKernel } from '../partial-kernel';

/*
 * Convolutions of no images, of no channels, or whose result has no pixels, and gradients of those and of pools. oneDNN gives
 * them the shape of their input, or ends the process.
 */

type Inputs = Readonly<Record<'x' | 'filter' | 'input' | 'dy', TensorInfo>>;
type OutputShape = (inputs: Inputs, attributes: NamedAttrMap) => number[];

/** Has the convolutions of `backendName`, and its gradients of pools, answer where there is nothing to add up: with zeros of the right shape. */
export function answerEmptyWindows(tf: TensorFlow, backendName: string): void {
  const { computeConv2DInfo, computeConv3DInfo } = tf.backend_util;
  const shapeOf = (compute: unknown, geometry: unknown[]) =>
    (compute as (...geometry: unknown[]) => { outShape: number[] })(...geometry).outShape;
  const inPlane =
    (isDepthwise: boolean): OutputShape =>
    ({ x, filter }, { strides, dilations, pad, dimRoundingMode }) =>
      shapeOf(computeConv2DInfo, [
        ...[x.shape, filter.shape, strides, dilations ?? 1, pad, dimRoundingMode, isDepthwise],
      ]);
  const inSpace: OutputShape = ({ x, filter }, { strides, dilations, pad }) =>
    shapeOf(computeConv3DInfo, [x.shape, filter.shape, strides, dilations ?? 1, pad]);
  const kernels: Record<string, OutputShape> = {
    [tf.Conv2D]: inPlane(false),
    [tf.FusedConv2D]: inPlane(false),
    [tf.DepthwiseConv2dNative]: inPlane(true),
    [tf.FusedDepthwiseConv2D]: inPlane(true),
    [tf.Conv3D]: inSpace,
    [tf.Conv2DBackpropInput]: (_, { inputShape }) => inputShape as number[],
    [tf.Conv2DBackpropFilter]: (_, { filterShape }) => filterShape as number[],
    [tf.DepthwiseConv2dNativeBackpropInput]: (_, { inputShape }) => inputShape as number[],
    [tf.DepthwiseConv2dNativeBackpropFilter]: (_, { filterShape }) => filterShape as number[],
    [tf.Conv3DBackpropInputV2]: (_, { inputShape }) => inputShape as number[],
    [tf.Conv3DBackpropFilterV2]: (_, { filterShape }) => filterShape as number[],
  };
  for (const gradient of [tf.MaxPoolGrad, tf.AvgPoolGrad, tf.MaxPool3DGrad, tf.AvgPool3DGrad]) {
    kernels[gradient] = ({ input }) => input.shape;
  }
  for (const [name, outputShape] of Object.entries(kernels)) {
    wrapKernel(tf, backendName, name, (stock) => zerosForNothing(tf, stock, outputShape));
  }
}

function zerosForNothing(tf: TensorFlow, stock: KernelFunc, outputShape: OutputShape): KernelFunc {
  return (call) => {
    const inputs = call.inputs as unknown as Inputs & Partial<Record<'bias', TensorInfo>>;
    const shape = outputShape(inputs, call.attrs as NamedAttrMap);
    if (shape.some((size) => size < 0)) return stock(call);
    const { dtype } = inputs.x ?? inputs.dy;
    if (shape.includes(0)) return tf.zeros(shape, dtype) as Tensor;
    const addsNothing = Object.values(inputs).some((input) => input?.shape.includes(0));
    return addsNothing && !inputs.bias ? (tf.zeros(shape, dtype) as Tensor) : stock(call);
  };
}
