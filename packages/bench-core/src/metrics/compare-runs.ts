import { isDeepStrictEqual } from 'node:util';
import type { BenchResults, CompletedTrial } from '../results/bench-results';
import { machineShares } from '../results/machines';
import { contenderTitle } from './contender-title';
import { type Contender, groupByContender } from './contenders';
import { mcNemarTest } from './mcnemar';
import { type MeanInterval, meanInterval } from './mean-interval';
import { METRICS } from './metric-definitions';
import { welchInterval } from './welch';

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
  readonly contender?: string | undefined;
  readonly figure: 'trainSeconds' | 'inferenceSeconds' | 'accuracyPercent';
  /** Later / earlier of times; later − earlier of accuracies, in percentage points. */
  readonly change: number;
  /** 95% interval over the seeds of both runs; null where one has a single trial to compare. */
  readonly interval: readonly [number, number] | null;
  /** Pairs of trials, or trials of the run that has fewer. */
  readonly seeds: number;
  /** Whether the runs have seeds in common, so that trials are compared seed by seed. */
  readonly paired: boolean;
  readonly verdict: DifferenceVerdict;
}

/**
 * - `regression`: worse beyond the limit and beyond chance.
 * - `undecided`: worse beyond the limit, but chance may have done it, or another machine.
 * - `fine`: within the limit.
 */
export type DifferenceVerdict = 'regression' | 'undecided' | 'fine';

/** Two runs held against each other. */
export interface RunComparison {
  readonly differences: readonly RunDifference[];
  /** Where both ran on the same machines; else nothing is decided. */
  readonly sameMachines: boolean;
  /** Contenders with figures in the earlier run and none in the later one. */
  readonly lost: readonly string[];
  /** Contenders of both runs without a common seed: compared by Welch's interval, which is wider. */
  readonly unpaired: readonly string[];
}

const TIMES = [METRICS.trainSeconds, METRICS.inferenceSeconds];

/**
 * Holds the later run against the earlier one, contender by contender, paired by seed where they have
 * seeds in common. Only a difference whose 95% interval excludes "none" is a regression; with a single
 * seed, times are never (one figure has no interval) and accuracy by McNemar's test on the images.
 */
export function compareRuns(
  earlier: BenchResults,
  later: BenchResults,
  { maxSlowdown = 1.1, maxAccuracyDrop = 1 }: RegressionLimits = {},
): RunComparison {
  const after = new Map(groupByContender(later).map((contender) => [contender.key, contender]));
  const before = groupByContender(earlier).filter(({ completed }) => completed.length > 0);
  const trialsAfter = ({ key }: Contender) => after.get(key)?.completed ?? [];
  const matches = before
    .filter((contender) => trialsAfter(contender).length > 0)
    .map((contender) => match(contender, trialsAfter(contender)));
  const sameMachines = ranAlike(earlier, later);
  const differences = matches.flatMap((trials) => [
    ...TIMES.map((metric) => timeDifference(trials, metric, maxSlowdown)),
    accuracyDifference(trials, earlier, later, maxAccuracyDrop),
  ]);
  return {
    sameMachines,
    lost: before.filter((contender) => trialsAfter(contender).length === 0).map(contenderTitle),
    unpaired: matches
      .filter(({ paired }) => !paired)
      .map(({ contender }) => contenderTitle(contender)),
    differences: differences.map((each) =>
      sameMachines || each.verdict === 'fine' ? each : { ...each, verdict: 'undecided' },
    ),
  };
}

/** Whether both ran on the same machines, going by names where both have them, and by processors. */
function ranAlike(earlier: BenchResults, later: BenchResults): boolean {
  const machines = [earlier, later].map((results) =>
    machineShares(results).map(({ machine }) => machine),
  );
  const haveNames = machines.flat().every(({ name }) => name !== undefined);
  const [before, after] = machines.map((own) =>
    own
      .map(({ name, cpuModel, coresAllowed }) => [haveNames ? name : '', cpuModel, coresAllowed])
      .map((machine) => machine.join())
      .sort(),
  );
  return isDeepStrictEqual(before, after);
}

/** One contender's trials in both runs; where `paired`, those of one seed stand at one place. */
interface MatchedTrials {
  readonly contender: Contender;
  readonly paired: boolean;
  readonly before: readonly CompletedTrial[];
  readonly after: readonly CompletedTrial[];
}

function match(contender: Contender, after: readonly CompletedTrial[]): MatchedTrials {
  const bySeed = new Map(after.map((trial) => [trial.seed, trial]));
  const before = contender.completed.filter(({ seed }) => bySeed.has(seed));
  if (before.length === 0) return { contender, paired: false, before: contender.completed, after };
  const partners = before.map(({ seed }) => bySeed.get(seed) as CompletedTrial);
  return { contender, paired: true, before, after: partners };
}

/** later − earlier of `value`, with its 95% interval. */
function change(
  { paired, before, after }: MatchedTrials,
  value: (trial: CompletedTrial) => number,
): MeanInterval {
  const [left, right] = [after.map(value), before.map(value)];
  if (!paired) return welchInterval(left, right);
  return meanInterval(left.map((later, pair) => later - (right[pair] as number)));
}

function identity({ contender, paired, before, after }: MatchedTrials) {
  const { key, displayName, backend, contender: typed } = contender;
  const seeds = Math.min(before.length, after.length);
  return { key, displayName, backend, contender: typed, seeds, paired };
}

/** Times are multiplicative: compared by their logarithms, as `pairedRatio` does. */
function timeDifference(
  trials: MatchedTrials,
  metric: (typeof TIMES)[number],
  maxSlowdown: number,
): RunDifference {
  const { mean, halfWidth } = change(trials, (trial) => Math.log(metric.value(trial)));
  const interval =
    halfWidth === null ? null : ([Math.exp(mean - halfWidth), Math.exp(mean + halfWidth)] as const);
  const ratio = Math.exp(mean);
  const isCertain = interval !== null && interval[0] > 1;
  const verdict = ratio <= maxSlowdown ? 'fine' : isCertain ? 'regression' : 'undecided';
  return { ...identity(trials), figure: metric.id, change: ratio, interval, verdict };
}

function accuracyDifference(
  trials: MatchedTrials,
  earlier: BenchResults,
  later: BenchResults,
  maxAccuracyDrop: number,
): RunDifference {
  const { mean, halfWidth } = change(trials, ({ accuracy }) => accuracy * 100);
  const interval = halfWidth === null ? null : ([mean - halfWidth, mean + halfWidth] as const);
  const isCertain = interval ? interval[1] < 0 : differsByImages(trials, earlier, later);
  const verdict = -mean <= maxAccuracyDrop ? 'fine' : isCertain ? 'regression' : 'undecided';
  return { ...identity(trials), figure: 'accuracyPercent', change: mean, interval, verdict };
}

/** Whether the only two models, of one seed, differ beyond chance on the same test images. */
function differsByImages(
  { paired, before, after }: MatchedTrials,
  earlier: BenchResults,
  later: BenchResults,
): boolean {
  if (!paired || earlier.dataset.fingerprint !== later.dataset.fingerprint) return false;
  const right = (trial: CompletedTrial) =>
    earlier.dataset.testImages.map(({ label }, image) => trial.predictedLabels[image] === label);
  return mcNemarTest(right(before[0]!), right(after[0]!)).pValue < 0.05;
}
