/*
 * How the network lies on the device: images with channels last, [image, place, channel], places in row order; the first
 * block's channels filled up to four, so that kernels read four values at once.
 */
import type { BlockSizes } from '../devices/network-sizes';

/** Values that WebGPU's kernels read at once. */
const VECTOR = 4;

/** A block as the graphs compute it. */
export interface BlockLayout extends BlockSizes {
  /** `inputs` filled up to a multiple of four. */
  readonly filledInputs: number;
  readonly pooledHeight: number;
  readonly pooledWidth: number;
  /** Places that go into it and come out of it. */
  readonly places: number;
  readonly pooledPlaces: number;
}

export function blockLayout(block: BlockSizes): BlockLayout {
  const [pooledHeight, pooledWidth] = [Math.floor(block.height / 2), Math.floor(block.width / 2)];
  return {
    ...block,
    filledInputs: filled(block.inputs),
    pooledHeight,
    pooledWidth,
    places: block.height * block.width,
    pooledPlaces: pooledHeight * pooledWidth,
  };
}

/** `channels` filled up to a multiple of four. */
export function filled(channels: number): number {
  return Math.ceil(channels / VECTOR) * VECTOR;
}

/** Terms that a part of a sum has at least: fewer are not worth a part of their own. */
const SHORTEST_PART = 64;

/**
 * Parts that a sum over `length` terms is computed in, at least `wanted` where they don't get too short: a divisor of
 * `length` that leaves parts of a multiple of four where there is one.
 */
export function partCount(length: number, wanted: number): number {
  const unit = length % VECTOR === 0 ? length / VECTOR : length;
  const fewest = Math.max(1, Math.min(wanted, Math.floor(length / SHORTEST_PART)));
  for (let parts = fewest; parts <= unit; parts++) {
    if (unit % parts === 0) return parts;
  }
  return 1;
}
