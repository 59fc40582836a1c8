import type { TrainingRecipe } from '@dlcmp/bench-core';
import { adamW, assertArgument, sgd, type TrainedLayers } from '@dlcmp/contract';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { nonNegativeNumber, positiveNumber, share, wholeNumber } from './parse-values';

/** How networks are trained where it is not by Adam at a constant rate. */
export interface RecipeFlags {
  readonly train?: TrainedLayers;
  readonly optimizer?: 'adam' | 'adamw' | 'sgd';
  /** Of AdamW. */
  readonly weightDecay?: number;
  readonly schedule?: 'constant' | 'cosine' | 'one-cycle';
  /** Epochs. */
  readonly warmUp?: number;
  readonly labelSmoothing?: number;
  readonly headLearningRate?: number;
  /** Share of the training images. */
  readonly validation?: number;
  /** Epochs. */
  readonly patience?: number;
  readonly augmentation?: 'none' | 'flip' | 'crop';
}

const MOMENTUM = 0.9;

const AUGMENTATIONS = { none: 'none', flip: 'horizontal-flip', crop: 'random-crop' } as const;

/** Adds the options of {@link RecipeFlags}. */
export function addRecipeOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--train <head|all|last:N>',
        'which layers of the CNNs are trained: the last dense one, all, or the last N with weights (default: all)',
      ).argParser(trainedLayers),
    )
    .option(
      '--head-learning-rate <RATE>',
      'that of the last dense layer, along the same schedule (default: --learning-rate)',
      positiveNumber,
    )
    .option(
      '--validation <SHARE>',
      'share of the training images to hold back: the CNNs end with the epoch that does best on them (default: none)',
      share,
    )
    .option(
      '--patience <EPOCHS>',
      'stop training after so many epochs without a lower loss on the images held back (default: it goes on)',
      wholeNumber(1),
    )
    .addOption(
      new Option(
        '--optimizer <NAME>',
        `of the CNNs; sgd has a momentum of ${MOMENTUM} (default: adam)`,
      ).choices(['adam', 'adamw', 'sgd']),
    )
    .option('--weight-decay <SHARE>', "AdamW's (default: 0.01)", nonNegativeNumber)
    .addOption(
      new Option(
        '--schedule <NAME>',
        'how the learning rate changes; --learning-rate is its highest (default: constant)',
      ).choices(['constant', 'cosine', 'one-cycle']),
    )
    .option('--warm-up <EPOCHS>', 'epochs over which a cosine rises first', nonNegativeNumber)
    .addOption(
      new Option(
        '--augmentation <none|flip|crop>',
        'how training images differ from epoch to epoch: mirrored, or a random part of each in another light besides (default: flip; none where layers are frozen)',
      ).choices(['none', 'flip', 'crop']),
    )
    .option(
      '--label-smoothing <SHARE>',
      'share of the target that is spread evenly over all classes (default: 0)',
      share,
    );
}

/** `head`, `all`, or `last:N`. */
function trainedLayers(text: string): TrainedLayers {
  if (/^(head|all|last:[1-9]\d*)$/.test(text)) return text as TrainedLayers;
  throw new InvalidArgumentError(
    'It must be head, all, or last:N with a whole number N, e.g. last:3.',
  );
}

/**
 * What the flags say, nothing where all is as it always was.
 *
 * @throws `INVALID_ARGUMENT` where one needs another
 */
export function recipeOf(flags: RecipeFlags): TrainingRecipe | undefined {
  const { train, schedule, warmUp, labelSmoothing, augmentation } = flags;
  const { headLearningRate, validation, patience } = flags;
  assertArgument(
    augmentation === undefined || augmentation === 'none' || (train ?? 'all') === 'all',
    `--augmentation ${augmentation} needs --train all: what frozen layers make of an image is computed once.`,
  );
  assertArgument(
    warmUp === undefined || schedule === 'cosine',
    '--warm-up belongs to a cosine: give --schedule cosine too. One cycle rises by itself.',
  );
  assertArgument(
    headLearningRate === undefined || train !== 'head',
    '--head-learning-rate tells the head from other layers, and --train head trains it alone: give its rate as --learning-rate.',
  );
  assertArgument(
    patience === undefined || validation !== undefined,
    '--patience counts epochs without a lower loss on images held back: give --validation too, e.g. 0.1.',
  );
  const optimizer = optimizerOf(flags);
  const recipe: TrainingRecipe = {
    ...(train !== undefined && train !== 'all' && { train }),
    ...(optimizer && { optimizer }),
    ...(schedule !== undefined && schedule !== 'constant' && { schedule }),
    ...(warmUp !== undefined && { warmUpEpochs: warmUp }),
    ...(augmentation !== undefined && { augmentation: AUGMENTATIONS[augmentation] }),
    ...(labelSmoothing !== undefined && { labelSmoothing }),
    ...(headLearningRate !== undefined && { headLearningRate }),
    ...(validation !== undefined && { validation }),
    ...(patience !== undefined && { patience }),
  };
  return Object.keys(recipe).length === 0 ? undefined : recipe;
}

function optimizerOf({ optimizer, weightDecay }: RecipeFlags): TrainingRecipe['optimizer'] {
  assertArgument(
    weightDecay === undefined || optimizer === 'adamw',
    '--weight-decay is that of AdamW: give --optimizer adamw too.',
  );
  if (optimizer === 'sgd') return sgd({ momentum: MOMENTUM });
  return optimizer === 'adamw'
    ? adamW(weightDecay === undefined ? {} : { weightDecay })
    : undefined;
}
