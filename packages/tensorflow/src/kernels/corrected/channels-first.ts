import type { KernelFunc, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-js';
import { wrapKernel } from '../partial-kernel';

/*
 * Convolutions of images whose channels come first. tfjs-node hands TensorFlow strides and dilations in the order of channels that
 * come last, whichever there are; so what is computed is made to have them last.
 */

const TO_LAST = [0, 2, 3, 1] as const;
const TO_FIRST = [0, 3, 1, 2] as const;

/** Which inputs are images, and whether the result is one. */
interface ChannelsFirstKernel {
  readonly images: readonly string[];
  readonly givesImages: boolean;
}

/** Has the convolutions of `backendName` take `NCHW` with every stride, dilation and padding. */
export function takeChannelsFirst(tf: TensorFlow, backendName: string): void {
  const kernels: Readonly<Record<string, ChannelsFirstKernel>> = {
    [tf.Conv2D]: { images: ['x'], givesImages: true },
    [tf.FusedConv2D]: { images: ['x'], givesImages: true },
    [tf.Conv2DBackpropInput]: { images: ['dy'], givesImages: true },
    [tf.Conv2DBackpropFilter]: { images: ['x', 'dy'], givesImages: false },
  };
  for (const [name, kernel] of Object.entries(kernels)) {
    wrapKernel(tf, backendName, name, (stock) => channelsFirst(tf, stock, kernel));
  }
}

function channelsFirst(
  tf: TensorFlow,
  stock: KernelFunc,
  { images, givesImages }: ChannelsFirstKernel,
): KernelFunc {
  return (call) => {
    const attributes = call.attrs as NamedAttrMap;
    if (attributes.dataFormat !== 'NCHW') return stock(call);
    return tf.tidy(() => {
      const inputs = Object.entries(call.inputs as Record<string, TensorInfo>).map(
        ([name, tensor]) => [
          name,
          images.includes(name) ? toLast(tf, tensor) : perPixel(tf, tensor),
        ],
      );
      const result = stock({
        ...call,
        inputs: Object.fromEntries(inputs) as typeof call.inputs,
        attrs: { ...attributes, ...geometryToLast(attributes), dataFormat: 'NHWC' } as NamedAttrMap,
      }) as Tensor;
      return givesImages ? tf.transpose(result, [...TO_FIRST]) : result;
    });
  };
}

function toLast(tf: TensorFlow, images: TensorInfo): Tensor {
  return tf.transpose(images as Tensor, [...TO_LAST]);
}

/** A bias or slopes, [channels × height × width] where they are more than one for a channel; filters have one order alone. */
function perPixel(tf: TensorFlow, tensor: TensorInfo | undefined): TensorInfo | undefined {
  return tensor?.shape.length === 3 ? tf.transpose(tensor as Tensor, [1, 2, 0]) : tensor;
}

/** What among the attributes has an entry for each axis of the images. */
function geometryToLast({ pad, inputShape }: NamedAttrMap): NamedAttrMap {
  const reorder = <Entry>(axes: readonly Entry[]) => TO_LAST.map((axis) => axes[axis] as Entry);
  return {
    ...(Array.isArray(pad) ? { pad: reorder<unknown>(pad) as number[] } : {}),
    ...(inputShape ? { inputShape: reorder(inputShape as number[]) } : {}),
  };
}
