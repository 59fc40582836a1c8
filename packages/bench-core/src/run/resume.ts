import { isDeepStrictEqual } from 'node:util';
import { DlcmpError } from '@dlcmp/contract';
import type {
  BenchConfiguration,
  BenchResults,
  CompletedTrial,
  TrialResult,
} from '../results/bench-results';
import { owedScenarios } from '../results/scenarios';
import { describeShard } from '../results/shard';
import type { BenchPlan } from './bench-plan';
import { isSameTrial, schedule, type TrialTurn } from './schedule';

/**
 * Refuses to go on from `earlier` unless it was made by the same configuration on the same images. More seeds, contenders and repeats
 * are welcome: they are added to what is there.
 *
 * @throws `INVALID_ARGUMENT` naming what changed
 */
export function assertResumable(plan: BenchPlan, earlier: BenchResults): void {
  const keys = Object.keys({ ...earlier.configuration, ...plan.configuration });
  const changed = (keys as (keyof BenchConfiguration)[])
    .filter((key) => !isDeepStrictEqual(plan.configuration[key], earlier.configuration[key]))
    .filter((key) => !isExtended(key, plan.configuration, earlier.configuration))
    .map((key) => {
      const [was, now] = [earlier.configuration[key], plan.configuration[key]];
      return `${key} was ${describe(was)} and is ${describe(now)}`;
    });
  if (plan.dataset.fingerprint !== earlier.dataset.fingerprint) {
    changed.push('the images are not the same');
  }
  if (earlier.shard && plan.shard && !isDeepStrictEqual(earlier.shard, plan.shard)) {
    changed.push(`--shard was ${describeShard(earlier.shard)} and is ${describeShard(plan.shard)}`);
  }
  if (changed.length === 0) return;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `--resume: ${plan.outputDirectory} holds another run: ${changed.join('; ')}. Repeat its options (seeds, contenders and repeats may be more), or choose another --out.`,
  );
}

/** What is gone on from, and what is not. */
interface KeptTrials {
  readonly kept: readonly CompletedTrial[];
  /** Turns that no kept trial has, or whose kept trial owes scenarios. */
  readonly due: readonly TrialTurn[];
  /** Seeds whose block another machine left unfinished: it runs again here, whole. */
  readonly begunElsewhere: readonly number[];
}

/**
 * Completed trials of `earlier` that count. A block belongs on one machine: of one that another machine left unfinished nothing
 * is kept.
 *
 * @param machine name of this one
 */
export function keptTrials(
  plan: BenchPlan,
  earlier: readonly TrialResult[],
  machine: string | undefined,
): KeptTrials {
  const turns = schedule(plan);
  const completed = earlier.filter((trial) => trial.status === 'completed');
  const without = (done: readonly CompletedTrial[]) => {
    const whole = done.filter((trial) => owedScenarios(plan.configuration, trial).length === 0);
    return turns.filter((turn) => !whole.some((trial) => isSameTrial(trial, turn)));
  };
  const unfinished = new Set(without(completed).map(({ seed }) => seed));
  const isElsewhere = (trial: TrialResult) =>
    trial.machine !== undefined && trial.machine !== machine && unfinished.has(trial.seed);
  const kept = completed.filter((trial) => !isElsewhere(trial));
  return {
    kept,
    due: without(kept),
    begunElsewhere: [...new Set(completed.filter(isElsewhere).map(({ seed }) => seed))],
  };
}

/**
 * Seeds of `earlier` that another machine has left unfinished, and that a run of `plan` here begins anew.
 *
 * @throws `INVALID_ARGUMENT` where that would throw away what is finished, as `plan` has more contenders or repeats
 */
export function blocksBegunElsewhere(
  plan: BenchPlan,
  earlier: BenchResults,
  machine: string | undefined,
): readonly number[] {
  const { begunElsewhere } = keptTrials(plan, earlier.trials, machine);
  const isExtension =
    plan.configuration.adapters.length > earlier.configuration.adapters.length ||
    (plan.configuration.repeats ?? 1) > (earlier.configuration.repeats ?? 1);
  if (begunElsewhere.length === 0 || !isExtension) return begunElsewhere;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `--resume: ${plan.outputDirectory} holds seeds ${begunElsewhere.join(', ')} of another machine than ${machine}, and contenders are compared on one machine alone. Add contenders and repeats on the machine that ran these seeds, or run all of them here with another --out.`,
  );
}

/** Whether what stands under `key` now holds all that stood there before. */
function isExtended(
  key: keyof BenchConfiguration,
  now: BenchConfiguration,
  before: BenchConfiguration,
): boolean {
  if (key === 'repeats') return (now.repeats ?? 1) >= (before.repeats ?? 1);
  if (key === 'tf32') return before.tf32 === undefined;
  if (key !== 'seeds' && key !== 'adapters') return false;
  const present: readonly unknown[] = now[key];
  return before[key].every((old) => present.some((value) => isDeepStrictEqual(value, old)));
}

function describe(value: unknown): string {
  return value === undefined ? 'not given' : JSON.stringify(value);
}
