import type { BenchResults } from '@dlcmp/bench-core';
import { isDlcmpError } from '@dlcmp/contract';
import type { Dataset } from '@dlcmp/data';
import type { LayoutFlags } from '../options/layout-options';
import { chooseDataset } from './choose-dataset';

interface FindDatasetOptions extends LayoutFlags {
  /** As `--data` names it. */
  readonly data?: string;
}

/** The images that were benched, where they can be guessed; those asked for must be there. */
export async function findDataset(
  { dataset, configuration }: BenchResults,
  { data: asked, ...layout }: FindDatasetOptions,
): Promise<Dataset | undefined> {
  if (asked !== undefined) {
    return (await chooseDataset(asked, { ...layout, seed: configuration.seeds[0] })).dataset;
  }
  if (dataset.name !== 'sample' && dataset.name !== 'intel') return undefined;
  try {
    return (await chooseDataset(dataset.name, { quiet: true })).dataset;
  } catch (error) {
    if (isDlcmpError(error, 'INVALID_DATA')) return undefined;
    throw error;
  }
}
