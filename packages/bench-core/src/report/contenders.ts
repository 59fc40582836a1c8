import type {
  AbortedTrial,
  BenchResults,
  CompletedTrial,
  FailedTrial,
} from '../results/bench-results';

/** One adapter on one backend, with its trials over all seeds: a row of a table, a bar of a chart. */
export interface Contender {
  readonly adapter: string;
  readonly displayName: string;
  readonly backend: string;
  readonly completed: readonly CompletedTrial[];
  /** Trials without figures: failed or aborted. */
  readonly unfinished: readonly (FailedTrial | AbortedTrial)[];
}

/** Gathers the trials of `results` by adapter and backend, in the order in which they first ran. */
export function groupByContender(results: BenchResults): Contender[] {
  const keys = results.trials.map((trial) => `${trial.adapter}:${trial.backend}`);
  return [...new Set(keys)].map((key) => {
    const trials = results.trials.filter((_, i) => keys[i] === key);
    const { adapter, displayName, backend } = trials[0]!;
    return {
      adapter,
      displayName,
      backend,
      completed: trials.filter((trial) => trial.status === 'completed'),
      unfinished: trials.filter((trial) => trial.status !== 'completed'),
    };
  });
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
