import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  NamedAttrMap,
  Tensor,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../tensorflow-modules';
import type { NodeBackend } from '../node-backend';

/*
 * Convolutions of images whose channels are no multiple of four, as those of photographs are. The GPU's matrix units take
 * four at a time; for others cuDNN turns the whole image and its result around, and computes without these units. Zeros
 * as further channels change no result.
 */

const GROUP = 4;

/** `x` convolved with `filter`; undefined where the channels are a multiple of four already. */
export function paddedConv2D(
  tf: TensorFlow,
  _backend: NodeBackend,
  { x, filter }: { x: Tensor4D; filter: Tensor4D },
  attributes: Conv2DAttrs,
): Tensor | undefined {
  const [, , inputs] = filter.shape;
  const added = missingChannels(inputs);
  if (added === 0 || !isPlain(x, inputs, attributes)) return undefined;
  return tf.tidy(() => {
    const padded = { x: padLast(tf, x, added), filter: padInputs(tf, filter, added) };
    return tf.engine().runKernel<Tensor>(tf.Conv2D, padded, attributes as unknown as NamedAttrMap);
  });
}

/** The gradient of a convolution's filter; undefined where the channels are a multiple of four already. */
export function paddedConv2DFilterGradient(
  tf: TensorFlow,
  _backend: NodeBackend,
  { x, dy }: { x: Tensor4D; dy: Tensor4D },
  attributes: Conv2DBackpropFilterAttrs,
): Tensor | undefined {
  const [height, width, inputs, outputs] = attributes.filterShape;
  const added = missingChannels(inputs);
  if (added === 0 || !isPlain(x, inputs, attributes)) return undefined;
  return tf.tidy(() => {
    const filterShape = [height, width, inputs + added, outputs];
    const gradient = tf
      .engine()
      .runKernel<Tensor>(
        ...([tf.Conv2DBackpropFilter, { x: padLast(tf, x, added), dy }] as const),
        { ...attributes, filterShape } as unknown as NamedAttrMap,
      );
    return tf.slice(gradient, [0, 0, 0, 0], attributes.filterShape);
  });
}

function missingChannels(channels: number): number {
  return (GROUP - (channels % GROUP)) % GROUP;
}

/** Whether it is float32 with channels last and no groups of channels. */
function isPlain(
  { dtype, shape }: Tensor4D,
  inputs: number,
  { dataFormat }: Pick<Conv2DAttrs, 'dataFormat'>,
): boolean {
  return dtype === 'float32' && shape[3] === inputs && dataFormat === 'NHWC';
}

function padLast(tf: TensorFlow, x: Tensor4D, added: number): Tensor4D {
  return tf.pad(x, [...Array(3).fill([0, 0]), [0, added]] as Padding);
}

function padInputs(tf: TensorFlow, filter: Tensor4D, added: number): Tensor4D {
  return tf.pad(filter, [
    [0, 0],
    [0, 0],
    [0, added],
    [0, 0],
  ] as Padding);
}

type Padding = [number, number][];
