import { assertArgument } from '../errors';
import type { Padding, Pair } from './network-description';

/** Zeros on each side of an image. */
export interface Sides {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** A rectangle that moves over an image, a convolution's kernel or a pool, with everything worked out. */
export interface Window {
  readonly kernelSize: readonly [height: number, width: number];
  readonly stride: readonly [height: number, width: number];
  readonly dilation: readonly [height: number, width: number];
  readonly padding: Sides;
}

/** Lengths of an image's axes, without the batch: [channels, height, width] or [units]. */
export type SampleShape = readonly number[];

export function toPair(value: Pair): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

interface WindowOptions {
  readonly kernelSize: Pair;
  readonly stride: Pair;
  readonly dilation?: Pair;
  readonly padding: Padding;
}

/** The window of `options` on an image of [channels, height, width]. */
export function resolveWindow(options: WindowOptions, shape: SampleShape): Window {
  const kernelSize = toPair(options.kernelSize);
  const stride = toPair(options.stride);
  const dilation = toPair(options.dilation ?? 1);
  const [, height, width] = shape as [number, number, number];
  const extents = reach({ kernelSize, dilation });
  const total = (side: number, axis: 0 | 1) =>
    Math.max((Math.ceil(side / stride[axis]) - 1) * stride[axis] + extents[axis] - side, 0);
  return {
    kernelSize,
    stride,
    dilation,
    padding: resolvePadding(options.padding, [total(height, 0), total(width, 1)]),
  };
}

/** Rows and columns that the kernel reaches over. */
function reach({
  kernelSize,
  dilation,
}: Pick<Window, 'kernelSize' | 'dilation'>): readonly [number, number] {
  return [(kernelSize[0] - 1) * dilation[0] + 1, (kernelSize[1] - 1) * dilation[1] + 1];
}

function resolvePadding(padding: Padding, same: readonly [number, number]): Sides {
  if (padding === 'same') {
    const [top, left] = [Math.floor(same[0] / 2), Math.floor(same[1] / 2)];
    return { top, bottom: same[0] - top, left, right: same[1] - left };
  }
  if (typeof padding === 'object' && 'top' in padding) return padding;
  const [vertical, horizontal] = toPair(padding);
  return { top: vertical, bottom: vertical, left: horizontal, right: horizontal };
}

/**
 * Positions of `window` along each axis of an image [channels, height, width]; rows and columns that fill none are lost.
 *
 * @throws `INVALID_ARGUMENT` where it does not fit once
 */
export function windowPositions(
  node: string,
  window: Window,
  shape: SampleShape,
): readonly [height: number, width: number] {
  const [, height, width] = shape as [number, number, number];
  const { padding, stride, kernelSize } = window;
  const [rows, columns] = reach(window);
  const padded = [height + padding.top + padding.bottom, width + padding.left + padding.right];
  assertArgument(
    (padded[0] as number) >= rows && (padded[1] as number) >= columns,
    `${node}: a kernel of ${kernelSize.join('×')} does not fit into an image of ${height}×${width}. Use larger images or fewer nodes that shrink them.`,
  );
  return [
    Math.floor(((padded[0] as number) - rows) / stride[0]) + 1,
    Math.floor(((padded[1] as number) - columns) / stride[1]) + 1,
  ];
}
