import type { ResolvedNode, Sides, Window } from '@dlcmp/contract';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';

/** How TensorFlow is told of a window's padding: in words where it has one for it, else by an image padded before. */
export interface WindowPadding {
  readonly pad: 'valid' | 'same';
  /** Padded around the image first; absent where nothing is. */
  readonly sides?: Sides;
}

const NONE: Sides = { top: 0, bottom: 0, left: 0, right: 0 };

/**
 * The padding of a node's window.
 *
 * @param extents rows and columns that the window reaches over
 */
export function windowPadding(
  { window, inputShapes: [shape = []] }: Pick<ResolvedNode, 'window' | 'inputShapes'>,
  extents: readonly [number, number],
): WindowPadding {
  const { padding, stride } = window as Window;
  const [, height, width] = shape as [number, number, number];
  if (isEqual(padding, NONE)) return { pad: 'valid' };
  const [top, bottom] = sameSides(height, stride[0], extents[0]);
  const [left, right] = sameSides(width, stride[1], extents[1]);
  if (isEqual(padding, { top, bottom, left, right })) return { pad: 'same' };
  return { pad: 'valid', sides: padding };
}

/** What TensorFlow's `SAME` puts before and behind a side: an odd one behind. */
function sameSides(side: number, stride: number, extent: number): [before: number, after: number] {
  const total = Math.max((Math.ceil(side / stride) - 1) * stride + extent - side, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

function isEqual(a: Sides, b: Sides): boolean {
  return a.top === b.top && a.bottom === b.bottom && a.left === b.left && a.right === b.right;
}

/** `images` with `value` around them. */
export function padImages(tf: TensorFlow, images: Tensor4D, sides: Sides, value = 0): Tensor4D {
  const { top, bottom, left, right } = sides;
  return tf.pad4d(
    images,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}

/** What lies inside of `sides`: the gradient of {@link padImages}. */
export function cropImages(
  tf: TensorFlow,
  gradient: Tensor4D,
  { top, left }: Sides,
  shape: Tensor4D['shape'],
): Tensor4D {
  return tf.slice4d(gradient, [0, top, left, 0], shape);
}
