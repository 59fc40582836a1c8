import { isDeepStrictEqual } from 'node:util';
import type { BenchResults, CompletedTrial, TrialResult } from '../results/bench-results';
import { isBlanketFailure } from './blanket-failure';
import type { ComparedContender } from './comparison';
import { type Contender, describeSettings, groupByContender } from './contenders';
import { disturbedTrials } from './disturbed-runs';

export type TrialPair = readonly [CompletedTrial, CompletedTrial];

/** Two contenders and their trials of the same runs, in the same order. */
export interface ContenderPair {
  readonly left: ComparedContender;
  readonly right: ComparedContender;
  /** Of every run that both completed. */
  readonly trials: readonly TrialPair[];
  /** Of these, whose times count; all where none does, and then `runs` is 0. */
  readonly timed: readonly TrialPair[];
  /** How many runs' times count. */
  readonly runs: number;
  /** Whether they computed the same. */
  readonly comparable: boolean;
  /** Whose times are ranked together; undefined = a forest and a network, whose aren't. */
  readonly field: string | undefined;
  /** Whose figures are corrected together: of the field one division's, or those across divisions. */
  readonly family: string;
}

/**
 * Every two contenders of `results` that have a run in common. Where a matrix varies the settings, CNNs with the same settings,
 * and forests with all.
 */
export function pairUp(results: BenchResults): ContenderPair[] {
  const contenders = groupByContender(results);
  const disturbed = disturbedTrials(results);
  return contenders
    .flatMap((left, index) => contenders.slice(index + 1).map((right) => [left, right] as const))
    .filter(([left, right]) => areComparable(left, right))
    .map(([left, right]) => pairByRun(left, right, results, disturbed))
    .filter(({ trials }) => trials.length > 0);
}

/** Of one kind the settings must agree; a forest has neither batches nor a rate to agree on. */
function areComparable(left: Contender, right: Contender): boolean {
  return kindOf(left) !== kindOf(right) || isDeepStrictEqual(left.settings, right.settings);
}

function pairByRun(
  left: Contender,
  right: Contender,
  { parityGate }: BenchResults,
  disturbed: ReadonlySet<TrialResult>,
): ContenderPair {
  const trials = left.completed.flatMap((trial) => {
    const other = right.completed.find((candidate) => isSameRun(candidate, trial));
    return other ? [[trial, other] as const] : [];
  });
  const undisturbed = trials.filter((pair) => pair.every((trial) => !disturbed.has(trial)));
  const bothCnns = kindOf(left) === 'cnn' && kindOf(right) === 'cnn';
  return {
    left: reference(left),
    right: reference(right),
    trials,
    timed: undisturbed.length > 0 ? undisturbed : trials,
    runs: undisturbed.length,
    comparable: left.comparable && right.comparable && !(bothCnns && isBlanketFailure(parityGate)),
    field: kindOf(left) === kindOf(right) ? fieldOf(left) : undefined,
    family: familyOf(left, right),
  };
}

/** On one machine: two machines differ by more than two contenders do. */
function isSameRun(left: TrialResult, right: TrialResult): boolean {
  const isSameBlock = left.seed === right.seed && left.machine === right.machine;
  return isSameBlock && (left.repeat ?? 1) === (right.repeat ?? 1);
}

function kindOf({ completed }: Contender): CompletedTrial['family'] | undefined {
  return completed[0]?.family;
}

function fieldOf(contender: Contender): string {
  const { settings } = contender;
  return `${kindOf(contender)} ${settings ? describeSettings(settings) : ''}`;
}

function familyOf(left: Contender, right: Contender): string {
  const divisions = [...new Set([left, right].map(({ completed }) => completed[0]?.division))];
  return [...new Set([left, right].map(fieldOf)), divisions.sort()].join(' · ');
}

function reference(of: Contender): ComparedContender {
  const { key, adapter, backend, displayName, contender } = of;
  return { key, adapter, backend, displayName, contender };
}
