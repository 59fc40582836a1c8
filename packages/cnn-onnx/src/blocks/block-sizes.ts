/** Channels are computed in fours. */
const LANES = 4;

/** Sizes of a block: convolution 3×3 with padding 1, bias, ReLU, max-pool 2×2. */
export interface BlockSizes {
  /** Prefix of its weights' names. */
  readonly name: string;
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
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
