import type { BenchResults, CompletedTrial } from '../results/bench-results';
import { type Contender, groupByContender } from './contenders';
import { correctWithin } from './holm';
import { ASSUMED_BIAS, biasPValue } from './lasting-bias';
import { METRICS, type MetricDefinition } from './metric-definitions';
import { signedRankTest } from './signed-rank';

/** A contender in two builds, by their adapters' ids in one study. */
export interface TwoSides {
  /** As users type it: `onnx:graph`. */
  readonly contender: string;
  readonly base: string;
  readonly head: string;
  readonly backend: string;
}

/**
 * What head is held to. Work that a change adds to training shows in its processor time though another program has half of the
 * machine; waiting shows in its time alone.
 */
export const SIDE_FIGURES = {
  trainSeconds: METRICS.trainSeconds,
  fitCpuSeconds: {
    id: 'fitCpuSeconds',
    name: 'Training CPU Time',
    unit: 's',
    better: 'lower',
    digits: 2,
    value: (trial) => trial.fitCpuSeconds,
  },
  inferenceSeconds: METRICS.inferenceSeconds,
  accuracyPercent: METRICS.accuracyPercent,
} as const satisfies Record<string, MetricDefinition>;

export type SideFigure = keyof typeof SIDE_FIGURES;

/**
 * - `regression`: head is worse beyond chance, and beyond what stays with a build by accident.
 * - `undecided`: worse beyond such an accident, but chance may have done it.
 * - `lost`: base has figures that are compared and head has none.
 * - `too-few-pairs`: though all of them said so, it would not be beyond chance.
 */
export type SideVerdict = 'fine' | 'regression' | 'undecided' | 'lost' | 'too-few-pairs';

export interface SideComparison {
  readonly contender: string;
  readonly figure: SideFigure;
  /** Head over base of times; head minus base of accuracies, in points. Null where there is no pair. */
  readonly change: number | null;
  readonly pairs: number;
  /** Corrected for how many figures and contenders are asked for. */
  readonly pValue: number | null;
  readonly verdict: SideVerdict;
}

const FIGURES = Object.keys(SIDE_FIGURES) as SideFigure[];
/** Of an alarm without a cause, over all that is asked for. */
const FALSE_ALARM_RATE = 0.05;
const FALSE_BIAS_RATE = 0.05;

/**
 * Holds head against base, contender by contender, over runs of one seed on one machine, one after the other. A regression is one by
 * two conditions, as a winner is: beyond chance, by an exact test that assumes nothing of how noise is distributed, corrected by Holm's
 * method over all figures; and, of times, beyond the bias that may stay with a build through all its runs.
 */
export function compareSides(results: BenchResults, sides: readonly TwoSides[]): SideComparison[] {
  const rows = sides.flatMap((side) => FIGURES.map((figure) => measure(results, side, figure)));
  const asked = rows.filter(({ raw }) => raw !== null);
  const chance = correct(asked, ({ raw }) => raw as number);
  const bias = correct(
    asked.filter(({ figure }) => figure !== 'accuracyPercent'),
    ({ change }) => biasPValue(change as number, ASSUMED_BIAS),
  );
  return rows.map((row) => {
    // All of n pairs fall to one side in one case of 2ⁿ.
    const isTooFew = asked.length * 2 ** -row.pairs >= FALSE_ALARM_RATE;
    return judge(row, chance.get(row) ?? null, bias.get(row) ?? 0, isTooFew);
  });
}

function correct(rows: readonly Row[], pValueOf: (row: Row) => number): Map<Row, number> {
  return correctWithin(rows, () => 'all', pValueOf);
}

interface Row extends Pick<SideComparison, 'contender' | 'figure' | 'change' | 'pairs'> {
  /** Uncorrected p-value; null where there is no pair. */
  readonly raw: number | null;
  readonly isLost: boolean;
}

function measure(
  results: BenchResults,
  { contender, base, head, backend }: TwoSides,
  figure: SideFigure,
): Row {
  const groups = groupByContender(results);
  const find = (adapter: string) =>
    groups.find((group) => group.adapter === adapter && group.backend === backend);
  const [before, after] = [find(base), find(head)];
  const isLost = isSound(before) && !isSound(after);
  const pairs = pairsOf(before?.completed ?? [], after?.completed ?? []);
  const row = { contender, figure, pairs: pairs.length, isLost };
  if (pairs.length === 0) return { ...row, change: null, raw: null };
  const { estimate, pValue } = signedRankTest(pairs.map((pair) => worsening(pair, figure)));
  const change = figure === 'accuracyPercent' ? -estimate : Math.exp(estimate);
  return { ...row, change, raw: pValue };
}

function isSound(contender: Contender | undefined): boolean {
  return contender !== undefined && contender.completed.length > 0 && contender.comparable;
}

type Pair = readonly [base: CompletedTrial, head: CompletedTrial];

function pairsOf(before: readonly CompletedTrial[], after: readonly CompletedTrial[]): Pair[] {
  return before.flatMap((base) => {
    const head = after.find(
      ({ seed, repeat = 1, machine }) =>
        seed === base.seed && repeat === (base.repeat ?? 1) && machine === base.machine,
    );
    return head ? [[base, head] as const] : [];
  });
}

/** Above 0 where head is worse: the logarithm of a ratio of times, or points of accuracy lost. */
function worsening([base, head]: Pair, figure: SideFigure): number {
  const [before, after] = [base, head].map(SIDE_FIGURES[figure].value) as [number, number];
  // Of 0 seconds against 0, which a clock may come to, there is no logarithm.
  if (before === after) return 0;
  return figure === 'accuracyPercent' ? before - after : Math.log(after / before);
}

function judge(
  { raw: _, isLost, ...row }: Row,
  pValue: number | null,
  bias: number,
  isTooFew: boolean,
): SideComparison {
  if (isLost) return { ...row, pValue, verdict: 'lost' };
  if (pValue === null || isTooFew) return { ...row, pValue, verdict: 'too-few-pairs' };
  const isWorse = isBelow(row) && bias < FALSE_BIAS_RATE;
  const verdict = !isWorse ? 'fine' : pValue < FALSE_ALARM_RATE ? 'regression' : 'undecided';
  return { ...row, pValue, verdict };
}

function isBelow({ figure, change }: Pick<Row, 'figure' | 'change'>): boolean {
  return change !== null && (figure === 'accuracyPercent' ? change < 0 : change > 1);
}
