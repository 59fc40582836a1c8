import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RandomForestClassifier } from '@dlcmp/baseline-rf';
import type { BenchResults, CompletedTrial } from '@dlcmp/bench-core';
import { isDlcmpError } from '@dlcmp/contract';
import type { ImportanceMap } from '@dlcmp/report';

const CHANNELS = 3;

/** Where each contender's first forest looks, read from the saved models that are still there. */
export async function readImportanceMaps(
  directory: string,
  { trials }: BenchResults,
): Promise<ImportanceMap[]> {
  const forests = trials.filter(
    (trial) => trial.status === 'completed' && trial.family === 'forest',
  );
  const first = forests.filter(
    (trial, i) => forests.findIndex(({ displayName }) => displayName === trial.displayName) === i,
  );
  const maps = await Promise.all(first.map((trial) => readMap(directory, trial as CompletedTrial)));
  return maps.filter((map) => map !== undefined);
}

async function readMap(
  directory: string,
  trial: CompletedTrial,
): Promise<ImportanceMap | undefined> {
  const { adapter, backend } = trial;
  const model = join(directory, 'models', `${adapter}-${backend}-seed-${trial.seed}`);
  if (!existsSync(model)) return undefined;
  try {
    const { featureImportances } = await RandomForestClassifier.load(model);
    const { displayName, seed, inputHeight: height, inputWidth: width } = trial;
    const values = Array.from({ length: height * width }, (_, pixel) =>
      channelSum(featureImportances, pixel),
    );
    return { title: `${displayName}, seed ${seed}`, height, width, values };
  } catch (error) {
    // Another engine's forest knows no importances.
    if (isDlcmpError(error, 'INVALID_FILE')) return undefined;
    throw error;
  }
}

function channelSum(importances: Float64Array, pixel: number): number {
  const start = pixel * CHANNELS;
  return importances.subarray(start, start + CHANNELS).reduce((sum, value) => sum + value, 0);
}
