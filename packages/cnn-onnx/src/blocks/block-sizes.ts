import type { HeapArray } from '@dlcmp/kernels';

/** Channels are computed in fours. */
const LANES = 4;

/** Weights or gradients by name. */
export type HeapWeights = Readonly<Record<string, HeapArray>>;

/** Sizes of a block: convolution 3×3 with padding 1, bias, ReLU, max-pool 2×2. */
export interface BlockSizes {
  /** Prefix of its weights' names. */
  readonly name: string;
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
}

/** Sizes of the dense layer that takes the last block's images. */
export interface DenseSizes {
  /** Prefix of its weights' names. */
  readonly name: string;
  readonly units: number;
  readonly channels: number;
  /** Pixels of an image. */
  readonly area: number;
}

/** `channels` and what fills the last four of them up. */
export function paddedChannels(channels: number): number {
  return Math.ceil(channels / LANES) * LANES;
}

export function pooledSize(size: number): number {
  return Math.floor(size / 2);
}

/** Where images lie in memory: NHWC in rows and images of so many bytes, from an address on. */
export interface ImageLayout {
  /** Address of the first image's first pixel. */
  readonly address: number;
  readonly imageBytes: number;
  readonly rowBytes: number;
}

export function weightOf<Value>(weights: Readonly<Record<string, Value>>, name: string): Value {
  return weights[`${name}.weight`] as Value;
}

export function biasOf<Value>(weights: Readonly<Record<string, Value>>, name: string): Value {
  return weights[`${name}.bias`] as Value;
}
