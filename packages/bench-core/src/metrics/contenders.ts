import type {
  AbortedTrial,
  BenchResults,
  CompletedTrial,
  FailedTrial,
  TrialResult,
  TrialSettings,
} from '../results/bench-results';

/** One adapter on one backend, with its trials over all seeds: a row of a table, a bar of a chart. */
export interface Contender {
  /** `adapter:backend`, and the settings where a matrix varies them. */
  readonly key: string;
  readonly adapter: string;
  /** Names the settings too where a matrix varies them. */
  readonly displayName: string;
  readonly backend: string;
  /** What a matrix ran it with; undefined outside of one. */
  readonly settings?: TrialSettings | undefined;
  readonly completed: readonly CompletedTrial[];
  /** Trials without figures: failed or aborted. */
  readonly unfinished: readonly (FailedTrial | AbortedTrial)[];
}

/** Gathers the trials of `results` by adapter and backend, in the order in which they first ran. */
export function groupByContender(results: BenchResults): Contender[] {
  const keys = results.trials.map(contenderKey);
  return [...new Set(keys)].map((key) => {
    const trials = results.trials.filter((_, i) => keys[i] === key);
    const { adapter, displayName, backend, settings } = trials[0]!;
    return {
      key,
      adapter,
      displayName: settings ? `${displayName}, ${describeSettings(settings)}` : displayName,
      backend,
      settings,
      completed: trials.filter((trial) => trial.status === 'completed'),
      unfinished: trials.filter((trial) => trial.status !== 'completed'),
    };
  });
}

function contenderKey({ adapter, backend, settings }: TrialResult): string {
  const name = `${adapter}:${backend}`;
  return settings ? `${name}:${describeSettings(settings)}` : name;
}

/** `64 px`, and for a CNN `64 px, batch 32, rate 0.001`. */
export function describeSettings({ imageSize, batchSize, learningRate }: TrialSettings): string {
  return [
    `${imageSize} px`,
    ...(batchSize === null ? [] : [`batch ${batchSize}`]),
    ...(learningRate === null ? [] : [`rate ${learningRate}`]),
  ].join(', ');
}

/**
 * What stands in place of a figure that no trial gave: `failed`, or `aborted` where none failed.
 * A contender with at least one completed trial has figures.
 */
export function outcomeWithoutFigures({ unfinished }: Contender): 'failed' | 'aborted' {
  return unfinished.some((trial) => trial.status === 'failed') ? 'failed' : 'aborted';
}

/** `2 of 3 seeds` where some trials did not complete but others did; else nothing. */
export function incompleteSeeds({ completed, unfinished }: Contender): string | undefined {
  if (completed.length === 0 || unfinished.length === 0) return undefined;
  return `${completed.length} of ${completed.length + unfinished.length} seeds`;
}
