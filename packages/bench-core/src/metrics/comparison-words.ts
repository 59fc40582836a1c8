import { counted } from '@dlcmp/contract';
import {
  type AccuracyComparison,
  type ComparedContender,
  type ComparedTime,
  FIGURE_BEFORE,
  type TimeComparison,
  type UndecidedReason,
} from './comparison';
import { contenderTitle } from './contender-title';

interface Sides {
  readonly left: ComparedContender;
  readonly right: ComparedContender;
  /** One of each run. */
  readonly seeds: readonly number[];
}

const DEED: Readonly<Record<ComparedTime, string>> = {
  trainSeconds: 'trains',
  inferenceSeconds: 'classifies the test set',
  totalSeconds: 'finishes the whole trial',
  latencyP50Ms: 'classifies a single image',
};

const FIGURE: Readonly<Record<ComparedTime, string>> = {
  trainSeconds: 'Training time',
  inferenceSeconds: 'Inference time',
  totalSeconds: 'Total time',
  latencyP50Ms: 'Median latency',
};

const REASON: Readonly<Record<Exclude<UndecidedReason, 'first-figure-undecided'>, string>> = {
  'not-comparable': 'the two did not compute the same',
  'different-kinds': 'a forest and a network are different kinds of classifier',
  'too-few-runs': 'fewer than three runs name nobody',
  'within-noise': 'the difference is within the noise',
  'many-comparisons':
    'the difference does not outlast the correction for comparing many pairs and figures',
  'within-bias':
    'the difference is no larger than what may stay with a contender through all its runs',
};

/** What is known of the ratio of two times, in a sentence; names a winner only where there is one. */
export function timeSentence(sides: Sides, comparison: Omit<TimeComparison, 'sentence'>): string {
  const { left, right } = sides;
  const { metric, winner, undecidedBecause, ratio, low, high } = comparison;
  if (winner === null) {
    const range = low === null || high === null ? '' : `, 95% interval ${span(low, high)}`;
    const verdict = undecidedBecause === 'different-kinds' ? 'not ranked' : 'undecided';
    return `${FIGURE[metric]} of ${contenderTitle(left)} and ${contenderTitle(right)}: ${verdict} (ratio ${two(ratio)}${range}); ${reason(metric, undecidedBecause!)}.`;
  }
  const [first, second] = winner === 'left' ? [left, right] : [right, left];
  // Said as "times as fast", so the ratio stands above 1.
  const [times, from, to] =
    winner === 'left' ? [1 / ratio, 1 / high!, 1 / low!] : [ratio, low!, high!];
  return `${contenderTitle(first)} ${DEED[metric]} ${two(times)} times as fast as ${contenderTitle(second)} (95% interval ${span(from, to)}, ${seedCount(sides)}).`;
}

/** What is known of the difference of two accuracies, in a sentence. */
export function accuracySentence(
  sides: Sides,
  comparison: Omit<AccuracyComparison, 'sentence'>,
): string {
  const { left, right } = sides;
  const { winner, undecidedBecause, difference, seedInterval } = comparison;
  if (winner === null) {
    const range = seedInterval
      ? `, 95% interval ${points(seedInterval.low)} to ${points(seedInterval.high)}`
      : '';
    return `Accuracy of ${contenderTitle(left)} and ${contenderTitle(right)}: undecided (difference ${points(difference)} points${range}); ${reason('trainSeconds', undecidedBecause!)}.`;
  }
  const isLeft = winner === 'left';
  const [first, second] = isLeft ? [left, right] : [right, left];
  const { low, high } = seedInterval!;
  const [from, to] = isLeft ? [low, high] : [-high, -low];
  return `${contenderTitle(first)} is more accurate than ${contenderTitle(second)} by ${points(Math.abs(difference))} points (95% interval ${points(from)} to ${points(to)}, ${seedCount(sides)}).`;
}

function reason(metric: ComparedTime, because: UndecidedReason): string {
  if (because !== 'first-figure-undecided') return REASON[because];
  const before = FIGURE[FIGURE_BEFORE[metric] ?? metric];
  return `${before.charAt(0).toLowerCase()}${before.slice(1)} has no winner, and this is asked only where it has`;
}

/** `4 seeds`, and where seeds were repeated `6 runs of 3 seeds`. */
function seedCount({ seeds }: Sides): string {
  const different = new Set(seeds).size;
  if (different === seeds.length) return `${seeds.length} seeds`;
  return `${seeds.length} runs of ${counted(different, 'seed')}`;
}

function span(low: number, high: number): string {
  return `${two(low)}–${two(high)}`;
}

function two(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function points(fraction: number): string {
  return (fraction * 100).toFixed(2);
}
