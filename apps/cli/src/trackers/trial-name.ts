import type { TrialSettings } from '@dlcmp/bench-core';

interface NamedTrial {
  readonly adapter: string;
  readonly backend: string;
  readonly seed: number;
  /** Where a matrix varies them. */
  readonly settings?: TrialSettings | undefined;
}

/** What trackers call a trial; no two of a run have the same name. */
export function trialName({ adapter, backend, seed, settings }: NamedTrial): string {
  const name = `${adapter}-${backend}-seed-${seed}`;
  if (!settings) return name;
  const { imageSize, batchSize, learningRate } = settings;
  const training = batchSize === null ? '' : `-batch-${batchSize}-rate-${learningRate}`;
  return `${name}-size-${imageSize}${training}`;
}
