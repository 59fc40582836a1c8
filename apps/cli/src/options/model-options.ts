import {
  type Activation,
  IMAGE_MODEL_CHOICES,
  type ImageModel,
  type ImageModelOptions,
  type ImageSize,
  NORMALISATION_NAMES,
  type NormalisationName,
  RESIZE_FILTERS,
  type ResizeFit,
  type ResizeRule,
} from '@dlcmp/contract';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { nameList } from './parse-values';

/** How a model that was trained elsewhere takes its images, where its files do not say. */
export interface ModelFlags {
  readonly layout?: ImageModel['layout'];
  readonly channels?: ImageModel['channels'];
  readonly normalisation?: NormalisationName;
  readonly activation?: Activation;
  readonly multiLabel?: boolean;
  readonly outputName?: string;
  readonly resize?: ResizeRule;
  readonly imageSize?: ImageSize;
  readonly classNames?: readonly string[];
}

const { layout, channels, activation } = IMAGE_MODEL_CHOICES;

/** Adds the options that describe a model; all else stands in `image-model.json` beside it. */
export function addModelOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--normalisation <NAME>', 'what the model expects of its pixels').choices(
        NORMALISATION_NAMES,
      ),
    )
    .addOption(
      new Option(
        '--activation <NAME>',
        'what is still to be done to its output: softmax (one class), sigmoid (labels, or one column)',
      ).choices(activation),
    )
    .option('--multi-label', 'any number of labels may be right for an image')
    .option('--output-name <NAME>', 'the output that holds the answers')
    .addOption(new Option('--layout <NAME>', "order of its input's axes").choices(layout))
    .addOption(
      new Option('--channels <NAME>', 'order of its colours (default: RGB)').choices(channels),
    )
    .option(
      '--resize <RULE>',
      'FILTER; FILTER:crop=PIXELS for the middle of an image with that shorter side, :stretch-crop=PIXELS of one stretched to that square (default: bilinear)',
      resizeRule,
    )
    .option(
      '--image-size <PIXELS>',
      'side of the images, or WIDTHxHEIGHT, where the model takes any',
      imageSize,
    )
    .option(
      '--class-names <NAMES>',
      'names of the classes, in the order of its output, with commas between',
      nameList,
    );
}

/** What the options say, by the names that libraries have for it. */
export function modelOptionsOf(flags: ModelFlags): ImageModelOptions {
  const { multiLabel, outputName, imageSize, ...same } = flags;
  return {
    ...pick(same),
    ...(multiLabel && { labels: 'several' as const }),
    ...(outputName !== undefined && { output: outputName }),
    ...imageSize,
  };
}

function pick({ layout, channels, normalisation, activation, resize, classNames }: ModelFlags) {
  return { layout, channels, normalisation, activation, resize, classNames };
}

/** `224`, or `192x48` for images of 192 columns and 48 rows. */
export function imageSize(text: string): ImageSize {
  const [, width, height = width] = /^([1-9]\d*)(?:x([1-9]\d*))?$/.exec(text) ?? [];
  if (width === undefined) {
    throw new InvalidArgumentError('It must be a whole number of pixels, or WIDTHxHEIGHT.');
  }
  return { inputHeight: Number(height), inputWidth: Number(width) };
}

/** `bicubic`, `bilinear:crop`, `bicubic:crop=256`, `bilinear:stretch-crop=256` */
export function resizeRule(text: string): ResizeRule {
  const [, filter, fit, side] = /^([a-z-]+)(?::(crop|stretch-crop)(?:=(\d+))?)?$/.exec(text) ?? [];
  const known = RESIZE_FILTERS.find((name) => name === filter);
  if (!known) {
    throw new InvalidArgumentError(
      `It must be one of ${RESIZE_FILTERS.join(', ')}, with :crop=PIXELS or :stretch-crop=PIXELS behind it where the middle is cut out.`,
    );
  }
  if (fit === undefined) return { filter: known, fit: 'stretch' };
  return {
    filter: known,
    fit: fit as ResizeFit,
    ...(side !== undefined && { shorterSide: Number(side) }),
  };
}
