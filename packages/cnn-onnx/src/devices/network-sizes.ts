import {
  assertArgument,
  bytesPerImage,
  elementCount,
  type ModelSpec,
  networkOf,
  simpleCnnOptions,
} from '@dlcmp/contract';

/** One convolution block: its convolution keeps height and width, its pooling halves them. */
export interface BlockSizes {
  /** Prefix of its weights' names. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly height: number;
  readonly width: number;
}

/** Everything that `simple-cnn` computes with, in numbers. */
export interface NetworkSizes {
  /** Of the pixels of one image. */
  readonly imageBytes: number;
  readonly blocks: readonly BlockSizes[];
  readonly features: number;
  readonly hiddenUnits: number;
  readonly classes: number;
  readonly dropoutRate: number;
  /** Shape of each weight, in the order in which they lie in memory. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

/** @throws `INVALID_ARGUMENT` */
export function networkSizes(spec: ModelSpec): NetworkSizes {
  const { description, weightShapes } = networkOf(spec);
  const options = simpleCnnOptions(description);
  assertArgument(options !== undefined, `${description.name} is not simple-cnn.`);
  const { channels, hiddenUnits, dropoutRate } = options;
  let [inputs, height, width] = [3, spec.inputHeight, spec.inputWidth];
  const blocks = channels.map((outputs, index) => {
    const block = { name: `conv${index + 1}`, inputs, outputs, height, width };
    [inputs, height, width] = [outputs, Math.floor(height / 2), Math.floor(width / 2)];
    return block;
  });
  return {
    imageBytes: bytesPerImage(spec),
    blocks,
    features: inputs * height * width,
    hiddenUnits,
    classes: spec.classNames.length,
    dropoutRate,
    weights: weightShapes,
  };
}

/** Values of a block's output for one image, before and after pooling. */
export function blockElements({ outputs, height, width }: BlockSizes): {
  readonly convolved: number;
  readonly pooled: number;
} {
  return {
    convolved: outputs * height * width,
    pooled: outputs * Math.floor(height / 2) * Math.floor(width / 2),
  };
}

/** float32 values of all weights, one after the other, each starting at a multiple of 64. */
export function weightLayout({ weights }: NetworkSizes): {
  readonly offsets: Readonly<Record<string, number>>;
  readonly length: number;
} {
  const offsets: Record<string, number> = {};
  let length = 0;
  for (const [name, shape] of Object.entries(weights)) {
    offsets[name] = length;
    length += Math.ceil(elementCount(shape) / 64) * 64;
  }
  return { offsets, length };
}
