import type { LayoutOptions } from '@dlcmp/data';
import { DEFAULT_SPLIT } from '@dlcmp/data';
import type { Command } from 'commander';
import { share } from './parse-values';

/** Which images of a folder train and which test, where its names do not say. */
export type LayoutFlags = Pick<LayoutOptions, 'trainFolder' | 'testFolder' | 'split'>;

/** Adds the options that say how a folder of images is laid out. */
export function addLayoutOptions(command: Command): Command {
  return command
    .option(
      '--train-folder <NAME>',
      'folder of training images, one folder a class (default: train, Training, seg_train …)',
    )
    .option(
      '--test-folder <NAME>',
      'folder of test images (default: test, Testing, seg_test, val, valid …)',
    )
    .option(
      '--split <SHARE>',
      `hold back this share of each class for testing, by the seed (default: ${DEFAULT_SPLIT} where the classes stand at the root)`,
      share,
    );
}
