import type { TrainingRecipe } from '@dlcmp/bench-core';
import { adamW, assertArgument, sgd, type TrainedLayers } from '@dlcmp/contract';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { nonNegativeNumber, share } from './parse-values';

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
  assertArgument(
    augmentation === undefined || augmentation === 'none' || (train ?? 'all') === 'all',
    `--augmentation ${augmentation} needs --train all: what frozen layers make of an image is computed once.`,
  );
  assertArgument(
    warmUp === undefined || schedule === 'cosine',
    '--warm-up belongs to a cosine: give --schedule cosine too. One cycle rises by itself.',
  );
  const optimizer = optimizerOf(flags);
  const recipe: TrainingRecipe = {
    ...(train !== undefined && train !== 'all' && { train }),
    ...(optimizer && { optimizer }),
    ...(schedule !== undefined && schedule !== 'constant' && { schedule }),
    ...(warmUp !== undefined && { warmUpEpochs: warmUp }),
    ...(augmentation !== undefined && { augmentation: AUGMENTATIONS[augmentation] }),
    ...(labelSmoothing !== undefined && { labelSmoothing }),
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
