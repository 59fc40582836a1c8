import { counted, printableName } from '@dlcmp/contract';
import type {
  AbortedTrial,
  BenchResults,
  CompletedTrial,
  FailedTrial,
  TrialResult,
  TrialSettings,
} from '../results/bench-results';
import { seedsOfShard } from '../results/shard';
import { type PlannedContender, plannedContenders } from './planned-contenders';

/** One adapter on one backend, with its trials over all seeds: a row of a table, a bar of a chart. */
export interface Contender {
  /** `adapter:backend`, and the settings where a matrix varies them. */
  readonly key: string;
  readonly adapter: string;
  /** One line that can be shown; names the settings too where a matrix varies them. */
  readonly displayName: string;
  readonly backend: string;
  /** As users type it; undefined in results of an older dlcmp. */
  readonly contender?: string | undefined;
  /** What a matrix ran it with; undefined outside of one. */
  readonly settings?: TrialSettings | undefined;
  readonly completed: readonly CompletedTrial[];
  /** Whether all checks of its trials passed; else it is ranked nowhere. See `failedChecks`. */
  readonly comparable: boolean;
  /** Trials without figures: failed or aborted. */
  readonly unfinished: readonly (FailedTrial | AbortedTrial)[];
  /** Seeds of the configuration of which a trial is not there: the run was broken off before it. */
  readonly missingSeeds: readonly number[];
}

/**
 * Gathers the trials of `results` by adapter and backend, in the configuration's order, whether any ran or not: trials ran in
 * random order.
 */
export function groupByContender(results: BenchResults): Contender[] {
  const groups = new Map<string, { first: PlannedContender; trials: TrialResult[] }>();
  for (const planned of plannedContenders(results)) {
    groups.set(contenderKey(planned), { first: planned, trials: [] });
  }
  for (const trial of results.trials) {
    const group = groups.get(contenderKey(trial)) ?? { first: trial, trials: [] };
    groups.set(contenderKey(trial), { ...group, trials: [...group.trials, trial] });
  }
  const { repeats = 1 } = results.configuration;
  const seeds = seedsOfShard(results.configuration.seeds, results.shard);
  return [...groups].map(([key, { first, trials }]) =>
    toContender(key, trials[0] ?? first, trials, { seeds, repeats }),
  );
}

function toContender(
  key: string,
  { adapter, displayName, backend, contender, settings }: PlannedContender,
  trials: readonly TrialResult[],
  { seeds, repeats }: { readonly seeds: readonly number[]; readonly repeats: number },
): Contender {
  const name = settings ? `${displayName}, ${describeSettings(settings)}` : displayName;
  return {
    key,
    adapter,
    displayName: printableName(name),
    backend,
    contender,
    settings,
    completed: trials.filter((trial) => trial.status === 'completed'),
    comparable: trials.every((trial) => trial.status !== 'completed' || trial.comparable !== false),
    unfinished: trials.filter((trial) => trial.status !== 'completed'),
    missingSeeds: seeds.filter(
      (seed) => trials.filter((trial) => trial.seed === seed).length < repeats,
    ),
  };
}

function contenderKey({ adapter, backend, settings }: PlannedContender): string {
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
 * What stands in place of a figure that no trial gave: `failed`, `aborted` where none failed, or
 * `not run` where none began. A contender with at least one completed trial has figures.
 */
export function outcomeWithoutFigures({ unfinished }: Contender): 'failed' | 'aborted' | 'not run' {
  if (unfinished.length === 0) return 'not run';
  return unfinished.some((trial) => trial.status === 'failed') ? 'failed' : 'aborted';
}

/** `2 of 3 seeds` where some trials did not complete but others did; else nothing. */
export function incompleteSeeds(contender: Contender): string | undefined {
  const { completed, unfinished, missingSeeds } = contender;
  const total = completed.length + unfinished.length + missingSeeds.length;
  if (completed.length === 0 || completed.length === total) return undefined;
  return `${completed.length} of ${counted(total, 'seed')}`;
}
