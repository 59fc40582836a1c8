import type { ResolvedNode } from '@dlcmp/contract';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** Where a filter is put on an image. */
export interface ConvolutionGeometry {
  readonly strides: [number, number];
  readonly pad: 'valid' | 'same';
}

/** A convolution without bias and dilation, and its two gradients. */
export interface Convolution {
  forward(tf: TensorFlow, x: Tensor4D, filter: Tensor4D): Tensor4D;
  filterGradient(tf: TensorFlow, x: Tensor4D, dy: Tensor4D, filterShape: Shape): Tensor;
  inputGradient(tf: TensorFlow, dy: Tensor4D, filter: Tensor4D, inputShape: Shape): Tensor4D;
}

type Shape = Tensor4D['shape'];

/** Whether every input channel is convolved by itself. */
export function isDepthwise({ options, inputShapes: [shape] }: ResolvedNode): boolean {
  return (options.groups as number) > 1 && options.groups === shape?.[0];
}

/** The convolution of a conv2d node: of all channels together, of each by itself, or of groups one after the other. */
export function convolutionOf(node: ResolvedNode, geometry: ConvolutionGeometry): Convolution {
  const groups = node.options.groups as number;
  if (groups === 1) return plain(geometry);
  if (!isDepthwise(node)) return grouped(geometry, groups, OUTPUTS);
  const [vertical, horizontal] = geometry.strides;
  // TensorFlow has depthwise convolutions of one stride for both sides only.
  return vertical === horizontal ? depthwise(geometry) : grouped(geometry, groups, INPUTS);
}

/** Axes of a filter by which groups are told apart, and the channels of images. */
const [INPUTS, OUTPUTS] = [2, 3];
const CHANNELS = 3;

function plain({ strides, pad }: ConvolutionGeometry): Convolution {
  const attributes = { strides, pad, dataFormat: 'NHWC' };
  return {
    forward: (tf, x, filter) => tf.conv2d(x, filter, strides, pad),
    filterGradient: (tf, x, dy, filterShape) =>
      tf.engine().runKernel(tf.Conv2DBackpropFilter, { x, dy }, { ...attributes, filterShape }),
    inputGradient: (tf, dy, filter, inputShape) =>
      tf.engine().runKernel(tf.Conv2DBackpropInput, { dy, filter }, { ...attributes, inputShape }),
  };
}

function depthwise({ strides, pad }: ConvolutionGeometry): Convolution {
  const attributes = { strides, pad, dilations: [1, 1] };
  return {
    forward: (tf, x, filter) => tf.depthwiseConv2d(x, filter, strides, pad),
    filterGradient(tf, x, dy, filterShape) {
      const kernel = tf.DepthwiseConv2dNativeBackpropFilter;
      return tf.engine().runKernel(kernel, { x, dy }, { ...attributes, filterShape });
    },
    inputGradient(tf, dy, filter, inputShape) {
      const kernel = tf.DepthwiseConv2dNativeBackpropInput;
      return tf.engine().runKernel(kernel, { dy, filter }, { ...attributes, inputShape });
    },
  };
}

/** @param axis of the filter, which is cut into as many parts as the channels */
function grouped(geometry: ConvolutionGeometry, groups: number, axis: number): Convolution {
  const one = plain(geometry);
  const parts = (tf: TensorFlow, tensor: Tensor4D, along: number) =>
    tf.split(tensor, groups, along) as Tensor4D[];
  const partOf = (shape: Shape, along: number) =>
    shape.map((size, at) => (at === along ? size / groups : size)) as Shape;
  return {
    forward(tf, x, filter) {
      const filters = parts(tf, filter, axis);
      const outputs = parts(tf, x, CHANNELS).map((group, index) =>
        one.forward(tf, group, filters[index] as Tensor4D),
      );
      return tf.concat(outputs, CHANNELS);
    },
    filterGradient(tf, x, dy, filterShape) {
      const gradients = parts(tf, dy, CHANNELS);
      const shape = partOf(filterShape, axis);
      const filters = parts(tf, x, CHANNELS).map((group, index) =>
        one.filterGradient(tf, group, gradients[index] as Tensor4D, shape),
      );
      return tf.concat(filters, axis);
    },
    inputGradient(tf, dy, filter, inputShape) {
      const filters = parts(tf, filter, axis);
      const shape = partOf(inputShape, CHANNELS);
      const inputs = parts(tf, dy, CHANNELS).map((group, index) =>
        one.inputGradient(tf, group, filters[index] as Tensor4D, shape),
      );
      return tf.concat(inputs, CHANNELS);
    },
  };
}
