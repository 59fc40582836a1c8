import type { TrialSettings } from '@dlcmp/bench-core';

interface NamedTrial {
  readonly adapter: string;
  readonly backend: string;
  readonly seed: number;
  /** Which of the seed's processes; absent = the first. */
  readonly repeat?: number | undefined;
  /** Where a matrix varies them. */
  readonly settings?: TrialSettings | undefined;
}

/** What trackers call a trial; no two of a run have the same name. */
export function trialName({ adapter, backend, seed, repeat, settings }: NamedTrial): string {
  const name = `${adapter}-${backend}-seed-${seed}${repeat === undefined ? '' : `-run-${repeat}`}`;
  if (!settings) return name;
  const { imageSize, batchSize, learningRate } = settings;
  const training = batchSize === null ? '' : `-batch-${batchSize}-rate-${learningRate}`;
  return `${name}-size-${imageSize}${training}`;
}
