import { assertArgument } from '@dlcmp/contract';

/** Which images train and which test, where a folder does not say so by the usual names. */
export interface LayoutOptions {
  /** The folder with a folder of training images for each class, from the root. Default: found by its name. */
  readonly trainFolder?: string | undefined;
  /** The same of the test images. */
  readonly testFolder?: string | undefined;
  /**
   * Share of each class's training images that is held back for testing, above 0 and below 1.
   * Default: none, but {@link DEFAULT_SPLIT} where the classes stand at the root.
   */
  readonly split?: number | undefined;
  /** Decides which images are held back. Default 1. */
  readonly seed?: number | undefined;
}

/** Share of the images that is held back for testing where no folder says which. */
export const DEFAULT_SPLIT = 0.2;

/** @throws `INVALID_ARGUMENT` where the options contradict one another */
export function assertLayoutOptions({ trainFolder, testFolder, split }: LayoutOptions): void {
  assertArgument(
    split === undefined || (split > 0 && split < 1),
    `The split must be a share above 0 and below 1, e.g. 0.2, not ${split}.`,
  );
  assertArgument(
    split === undefined || testFolder === undefined,
    'The test images come from --test-folder or are held back by --split: give one of the two.',
  );
  assertArgument(
    trainFolder === undefined || trainFolder !== testFolder,
    `--train-folder and --test-folder both name ${trainFolder}: a test on the training images says nothing. Hold some back with --split 0.2.`,
  );
}
