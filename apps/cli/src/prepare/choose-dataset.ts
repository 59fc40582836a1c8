import { basename, join, resolve } from 'node:path';
import { isDlcmpError } from '@dlcmp/contract';
import { type Dataset, defaultCacheDirectory, ensureSampleSet, openDataset } from '@dlcmp/data';
import { startProgress } from '../progress/progress-line';

/** Where `dlcmp data download` puts the Intel images, and where they are looked for. */
export const DATA_DIRECTORY = 'data';

/** A data set, by the name reports call it. */
export interface NamedDataset {
  readonly name: string;
  readonly dataset: Dataset;
}

/**
 * Opens what `--data` names: `sample`, `intel`, or a folder. Without it, `intel` where `data/` holds
 * it, else `sample`.
 *
 * @throws `INVALID_DATA`
 */
export async function chooseDataset(
  choice: string | undefined,
  options: { quiet?: boolean | undefined },
): Promise<NamedDataset> {
  if (choice === undefined) return (await openIntelIfThere()) ?? openSample(options);
  if (choice === 'sample') return openSample(options);
  if (choice === 'intel') return { name: 'intel', dataset: await openDataset(DATA_DIRECTORY) };
  return { name: basename(resolve(choice)), dataset: await openDataset(choice) };
}

/** A `data/` folder that holds something else, or nothing, is no mistake of the user's. */
async function openIntelIfThere(): Promise<NamedDataset | undefined> {
  try {
    return { name: 'intel', dataset: await openDataset(DATA_DIRECTORY) };
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
