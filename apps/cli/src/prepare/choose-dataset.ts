import { basename, join, resolve } from 'node:path';
import { assertArgument, isDlcmpError } from '@dlcmp/contract';
import { type Dataset, defaultCacheDirectory, ensureSampleSet, openDataset } from '@dlcmp/data';
import type { LayoutFlags } from '../options/layout-options';
import { startProgress } from '../progress/progress-line';

/** Where `dlcmp data download` puts the Intel images, and where they are looked for. */
export const DATA_DIRECTORY = 'data';

/** A data set, by the name reports call it. */
export interface NamedDataset {
  readonly name: string;
  readonly dataset: Dataset;
}

export interface ChooseDatasetOptions extends LayoutFlags {
  readonly quiet?: boolean | undefined;
  /** Decides which images are held back where a part of each class is. Default 1. */
  readonly seed?: number | undefined;
}

/**
 * Opens what `--data` names: `sample`, `intel`, or a folder. Without it, `intel` where `data/` holds
 * it, else `sample`.
 *
 * @throws `INVALID_DATA`
 */
export async function chooseDataset(
  choice: string | undefined,
  options: ChooseDatasetOptions,
): Promise<NamedDataset> {
  if (choice === undefined || choice === 'sample') assertNoLayout(options);
  if (choice === undefined) return (await openIntelIfThere()) ?? openSample(options);
  if (choice === 'sample') return openSample(options);
  if (choice === 'intel')
    return { name: 'intel', dataset: await openDataset(DATA_DIRECTORY, options) };
  return { name: basename(resolve(choice)), dataset: await openDataset(choice, options) };
}

/** The sample set says itself which images train and which test. */
function assertNoLayout({ trainFolder, testFolder, split }: LayoutFlags): void {
  assertArgument(
    trainFolder === undefined && testFolder === undefined && split === undefined,
    '--train-folder, --test-folder and --split speak of a folder of your own: name it with --data PATH.',
  );
}

/** A `data/` folder that holds something else, or nothing, is no mistake of the user's. */
async function openIntelIfThere(): Promise<NamedDataset | undefined> {
  try {
    const dataset = await openDataset(DATA_DIRECTORY);
    // The Intel set comes with test images of its own: these are other images.
    return dataset.testImages === 'folder' ? { name: 'intel', dataset } : undefined;
  } catch (error) {
    if (isDlcmpError(error, 'INVALID_DATA')) return undefined;
    throw error;
  }
}

async function openSample({ quiet }: { quiet?: boolean | undefined }): Promise<NamedDataset> {
  const line = startProgress('Drawing the sample images', { quiet });
  const dataset = await ensureSampleSet({
    directory: join(defaultCacheDirectory(), 'sample'),
    onProgress: (completed, total) => line.update(completed, total),
  });
  line.finish();
  return { name: 'sample', dataset };
}

/** What `bench` would take without `--data`, in a few words. */
export async function describeData(): Promise<string> {
  const intel = await openIntelIfThere();
  if (!intel) return 'the built-in sample set; "dlcmp data download" brings the Intel images';
  const { train, test, classNames } = intel.dataset;
  return `intel, ${train.length} training and ${test.length} test images of ${classNames.length} classes`;
}
