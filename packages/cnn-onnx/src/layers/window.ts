import { assertArgument } from '@dlcmp/contract';
import { assertImageShape, assertWholeNumber } from './assert-layer';
import type { SampleShape } from './layer';

/** A square that moves over an image: a convolution's kernel or a pool. */
export interface Window {
  /** Side of the square. */
  readonly size: number;
  /** Pixels from one position to the next. */
  readonly stride: number;
  /** Pixels added on each side of the image. */
  readonly padding: number;
}

/** @throws `INVALID_ARGUMENT` where a number is out of range */
export function assertWindow(layer: string, { size, stride, padding }: Window): void {
  assertWholeNumber(layer, 'the window’s size', size, 1);
  assertWholeNumber(layer, 'stride', stride, 1);
  assertWholeNumber(layer, 'padding', padding, 0);
}

/** Positions of `window` along each axis of an image, [height, width]; what fills none is lost. */
export function windowPositions(layer: string, window: Window, shape: SampleShape) {
  const [, ...sides] = assertImageShape(layer, shape);
  const { size, stride, padding } = window;
  return sides.map((side) => {
    assertArgument(
      side + 2 * padding >= size,
      `${layer}: a window of ${size}×${size} with padding ${padding} does not fit into an image of ${sides.join('×')}. Use a larger image or fewer layers that shrink it.`,
    );
    return Math.floor((side + 2 * padding - size) / stride) + 1;
  }) as [height: number, width: number];
}

/** `window` as ONNX operators take it. */
export function windowAttributes({ size, stride, padding }: Window) {
  return {
    kernel_shape: [size, size],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  };
}

/**
 * Rows and columns that `window` never reached at the end of an image [height, width]:
 * `output_padding` of the transposed convolution that leads back to its size.
 */
export function unreached(window: Window, shape: SampleShape, positions: readonly number[]) {
  const { size, stride, padding } = window;
  return positions.map(
    (count, axis) =>
      (shape[axis + 1] as number) + 2 * padding - size - ((count as number) - 1) * stride,
  );
}
