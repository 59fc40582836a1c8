import { assertArgument } from '../errors';
import type { ImageSize } from '../images';
import type { ResizeRule } from './resize-rule';

/** Order of an image tensor's axes: batch, channels, height, width (PyTorch), or the channels last (Keras). */
export type ImageLayout = 'NCHW' | 'NHWC';

/** Which channels a model takes, in which order; `grey` is one, of Pillow's weights: .299 red, .587 green, .114 blue. */
export type ImageChannels = 'RGB' | 'BGR' | 'grey';

/** What the values of an image tensor are. */
export type ImageElement = 'float32' | 'float16' | 'uint8';

/**
 * What still has to be done to a model's output: `softmax` where it puts out scores of classes of which one is right,
 * `sigmoid` where they are scores of labels of which any number may be, `none` where it puts out probabilities.
 */
export type Activation = 'softmax' | 'sigmoid' | 'none';

/** A model is fed (byte / scale - mean) / standardDeviation. */
export interface PixelNormalisation {
  /** Of bytes 0–255. */
  readonly scale: number;
  /** For red, green and blue, in whatever order the model takes them; of a grey model one number. */
  readonly mean: readonly number[];
  readonly standardDeviation: readonly number[];
}

/** How a model of whatever origin takes its images and what it answers. */
export interface ImageModel extends ImageSize {
  readonly layout: ImageLayout;
  readonly channels: ImageChannels;
  readonly elementType: ImageElement;
  readonly normalisation: PixelNormalisation;
  /** How an image of any size comes to the model's. */
  readonly resize: ResizeRule;
  /** Name of the output that holds the answers. */
  readonly output: string;
  readonly activation: Activation;
  /** Whether `one` class is right for an image, or `several` labels may be, each with a probability of its own. */
  readonly labels: 'one' | 'several';
  /** In the order of the output's columns; two for one column, of which it is the second's probability. */
  readonly classNames: readonly string[];
}

/** The values that each of a description's words may have. */
export const IMAGE_MODEL_CHOICES = {
  layout: ['NCHW', 'NHWC'],
  channels: ['RGB', 'BGR', 'grey'],
  elementType: ['float32', 'float16', 'uint8'],
  activation: ['softmax', 'sigmoid', 'none'],
  labels: ['one', 'several'],
} as const satisfies { [Key in keyof ImageModel]?: readonly ImageModel[Key][] };

/** Throws `INVALID_ARGUMENT` naming the first field of `model` that is out of range; absent fields pass. */
export function assertImageModel(model: Partial<ImageModel>): void {
  for (const [name, choices] of Object.entries(IMAGE_MODEL_CHOICES)) {
    const value = model[name as keyof typeof IMAGE_MODEL_CHOICES];
    assertArgument(
      value === undefined || (choices as readonly unknown[]).includes(value),
      `${name} must be one of ${choices.join(', ')}, not ${value}.`,
    );
  }
  for (const name of ['inputHeight', 'inputWidth'] as const) {
    const side = model[name];
    assertArgument(
      side === undefined || (Number.isInteger(side) && side >= 1),
      `${name} must be a whole number of pixels ≥ 1, not ${side}.`,
    );
  }
  if (model.normalisation) assertNormalisation(model.normalisation, model);
  if (model.classNames) assertClassNames(model.classNames);
}

function assertNormalisation(
  { scale, mean, standardDeviation }: PixelNormalisation,
  { channels = 'RGB', elementType }: Partial<ImageModel>,
): void {
  assertArgument(
    Number.isFinite(scale) && scale > 0,
    `scale must be a finite number above 0, not ${scale}.`,
  );
  const wanted = channels === 'grey' ? 'one number' : 'three numbers, for red, green and blue';
  const isLong = (values: readonly number[]) =>
    Array.isArray(values) && values.length === (channels === 'grey' ? 1 : 3);
  assertArgument(
    isLong(mean) && mean.every(Number.isFinite),
    `mean must be ${wanted}, not [${mean}].`,
  );
  assertArgument(
    isLong(standardDeviation) && standardDeviation.every((value) => value > 0 && value < Infinity),
    `standardDeviation must be ${wanted}, each above 0, not [${standardDeviation}].`,
  );
  const isPlain =
    scale === 1 &&
    mean.every((value) => value === 0) &&
    standardDeviation.every((one) => one === 1);
  assertArgument(
    elementType !== 'uint8' || isPlain,
    'A model that takes bytes takes them as they are: normalisation must be 0-255, or left out.',
  );
}

function assertClassNames(names: readonly string[]): void {
  assertArgument(
    Array.isArray(names) &&
      names.length > 0 &&
      names.every((name) => typeof name === 'string' && name !== ''),
    'classNames must be a list of strings that are not empty.',
  );
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  assertArgument(
    repeated === undefined,
    `classNames holds "${repeated}" twice: each class needs a name of its own.`,
  );
}
