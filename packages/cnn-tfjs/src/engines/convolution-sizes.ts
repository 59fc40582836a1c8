import type { Conv2DAttrs } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** A convolution of stride 1: images [count, height, width, channels] to as many of the output's. */
export interface ConvolutionSizes {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly outputs: number;
  /** Rows of zeros above and columns of zeros left of the image. */
  readonly top: number;
  readonly left: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
}

type Attributes = Pick<Conv2DAttrs, 'strides' | 'pad'> & Partial<Pick<Conv2DAttrs, 'dilations'>>;

/** Sizes of tf.conv2d on the given shapes. Throws where a stride or dilation is not 1. */
export function convolutionSizes(
  tf: TensorFlow,
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations = 1 }: Attributes,
): ConvolutionSizes {
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
  );
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  if (Math.max(strideHeight, strideWidth, dilationHeight, dilationWidth) > 1) {
    throw new Error('cnn-tfjs convolves with stride 1 and without dilation only.');
  }
  return {
    count: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    outputs: info.outChannels,
    top: info.padInfo.top,
    left: info.padInfo.left,
    outputHeight: info.outHeight,
    outputWidth: info.outWidth,
  };
}

/** Sizes of the convolution that leads from the output's gradient to the input's. */
export function transposedSizes(sizes: ConvolutionSizes): ConvolutionSizes {
  return {
    ...sizes,
    height: sizes.outputHeight,
    width: sizes.outputWidth,
    channels: sizes.outputs,
    outputs: sizes.channels,
    top: sizes.kernelHeight - 1 - sizes.top,
    left: sizes.kernelWidth - 1 - sizes.left,
    outputHeight: sizes.height,
    outputWidth: sizes.width,
  };
}
