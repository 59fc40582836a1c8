import type { BenchResults, CompletedTrial } from '../results/bench-results';
import { type Contender, groupByContender } from './contenders';
import { mcNemarTest } from './mcnemar';
import { meanInterval } from './mean-interval';
import { METRICS } from './metric-definitions';
import { pairedRatio } from './paired-ratio';

/** How much worse the later run may be. */
export interface RegressionLimits {
  /** Later time over earlier time. Default 1.10. */
  readonly maxSlowdown?: number;
  /** Percentage points of accuracy. Default 1. */
  readonly maxAccuracyDrop?: number;
}

/** One figure of one contender in two runs. */
export interface RunDifference {
  /** Of the contender, as `groupByContender` gives it. */
  readonly key: string;
  readonly displayName: string;
  readonly backend: string;
  readonly figure: 'trainSeconds' | 'inferenceSeconds' | 'accuracyPercent';
  /** Later / earlier of times; later − earlier of accuracies, in percentage points. */
  readonly change: number;
  /** 95% interval over the seeds of both runs; null for a single one. */
  readonly interval: readonly [number, number] | null;
  readonly seeds: number;
  readonly verdict: DifferenceVerdict;
}

/**
 * - `regression`: worse beyond the limit and beyond chance.
 * - `undecided`: worse beyond the limit, but chance may have done it.
 * - `fine`: within the limit.
 */
export type DifferenceVerdict = 'regression' | 'undecided' | 'fine';

/** Two runs held against each other. */
export interface RunComparison {
  readonly differences: readonly RunDifference[];
  /** Contenders with figures in the earlier run and none in the later one. */
  readonly lost: readonly string[];
  /** Contenders of both runs without a common seed. */
  readonly unpaired: readonly string[];
}

const TIMES = [METRICS.trainSeconds, METRICS.inferenceSeconds];

/**
 * Holds the later run against the earlier one, contender by contender, paired by seed. Only a
 * difference whose 95% interval excludes "none" is a regression; with a single seed, times are never
 * (one figure has no interval) and accuracy by McNemar's test on the images.
 */
export function compareRuns(
  earlier: BenchResults,
  later: BenchResults,
  { maxSlowdown = 1.1, maxAccuracyDrop = 1 }: RegressionLimits = {},
): RunComparison {
  const after = new Map(groupByContender(later).map((contender) => [contender.key, contender]));
  const before = groupByContender(earlier).filter(({ completed }) => completed.length > 0);
  const pairs = before.map((contender) => ({
    contender,
    trials: pairBySeed(contender, after.get(contender.key)),
  }));
  const hasFigures = ({ key }: Contender) => (after.get(key)?.completed.length ?? 0) > 0;
  const name = ({ contender }: { contender: Contender }) =>
    `${contender.displayName} on ${contender.backend}`;
  return {
    lost: pairs.filter(({ contender }) => !hasFigures(contender)).map(name),
    unpaired: pairs
      .filter(({ contender, trials }) => hasFigures(contender) && trials.length === 0)
      .map(name),
    differences: pairs
      .filter(({ trials }) => trials.length > 0)
      .flatMap(({ contender, trials }) => [
        ...TIMES.map((metric) => timeDifference(contender, trials, metric, maxSlowdown)),
        accuracyDifference(contender, trials, earlier, later, maxAccuracyDrop),
      ]),
  };
}

type TrialPair = readonly [before: CompletedTrial, after: CompletedTrial];

function pairBySeed(before: Contender, after: Contender | undefined): TrialPair[] {
  return before.completed.flatMap((trial) => {
    const other = after?.completed.find(({ seed }) => seed === trial.seed);
    return other ? [[trial, other] as const] : [];
  });
}

function timeDifference(
  { key, displayName, backend }: Contender,
  trials: readonly TrialPair[],
  metric: (typeof TIMES)[number],
  maxSlowdown: number,
): RunDifference {
  const { ratio, low, high } = pairedRatio(
    trials.map(([, after]) => metric.value(after)),
    trials.map(([before]) => metric.value(before)),
  );
  const interval = low === null || high === null ? null : ([low, high] as const);
  const isCertain = low !== null && low > 1;
  const verdict = ratio <= maxSlowdown ? 'fine' : isCertain ? 'regression' : 'undecided';
  const identity = { key, displayName, backend, seeds: trials.length };
  return { ...identity, figure: metric.id, change: ratio, interval, verdict };
}

function accuracyDifference(
  { key, displayName, backend }: Contender,
  trials: readonly TrialPair[],
  earlier: BenchResults,
  later: BenchResults,
  maxAccuracyDrop: number,
): RunDifference {
  const changes = trials.map(([before, after]) => (after.accuracy - before.accuracy) * 100);
  const { mean, halfWidth } = meanInterval(changes);
  const interval = halfWidth === null ? null : ([mean - halfWidth, mean + halfWidth] as const);
  const isCertain = interval ? interval[1] < 0 : differsByImages(trials[0]!, earlier, later);
  const verdict = -mean <= maxAccuracyDrop ? 'fine' : isCertain ? 'regression' : 'undecided';
  const identity = { key, displayName, backend, seeds: trials.length };
  return { ...identity, figure: 'accuracyPercent', change: mean, interval, verdict };
}

/** Whether the two models of one seed differ beyond chance on the same test images. */
function differsByImages(
  [before, after]: TrialPair,
  earlier: BenchResults,
  later: BenchResults,
): boolean {
  if (earlier.dataset.fingerprint !== later.dataset.fingerprint) return false;
  const right = (trial: CompletedTrial) =>
    earlier.dataset.testImages.map(({ label }, image) => trial.predictedLabels[image] === label);
  return mcNemarTest(right(before), right(after)).pValue < 0.05;
}
