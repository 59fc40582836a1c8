import type {
  AccuracyComparison,
  ComparedContender,
  ComparedTime,
  TimeComparison,
  UndecidedReason,
} from './comparison';
import { contenderTitle } from './contender-title';

interface Sides {
  readonly left: ComparedContender;
  readonly right: ComparedContender;
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

const REASON: Readonly<Record<UndecidedReason, string>> = {
  'too-few-seeds': 'one seed has no interval; at least two are needed',
  'within-noise': 'the difference is within the noise',
  'many-comparisons':
    'the difference does not outlast the correction for comparing many pairs and figures',
  'not-comparable': 'the parity gate failed, so the two did not compute the same',
};

/** What is known of the ratio of two times, in a sentence; names a winner only where there is one. */
export function timeSentence(sides: Sides, comparison: Omit<TimeComparison, 'sentence'>): string {
  const { left, right } = sides;
  const { metric, winner, undecidedBecause, ratio, low, high } = comparison;
  if (winner === null) {
    const range = low === null || high === null ? '' : `, 95% interval ${span(low, high)}`;
    return `${FIGURE[metric]} of ${contenderTitle(left)} and ${contenderTitle(right)}: undecided (ratio ${two(ratio)}${range}); ${REASON[undecidedBecause!]}.`;
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
    return `Accuracy of ${contenderTitle(left)} and ${contenderTitle(right)}: undecided (difference ${points(difference)} points${range}); ${REASON[undecidedBecause!]}.`;
  }
  const isLeft = winner === 'left';
  const [first, second] = isLeft ? [left, right] : [right, left];
  const { low, high } = seedInterval!;
  const [from, to] = isLeft ? [low, high] : [-high, -low];
  return `${contenderTitle(first)} is more accurate than ${contenderTitle(second)} by ${points(Math.abs(difference))} points (95% interval ${points(from)} to ${points(to)}, ${seedCount(sides)}).`;
}

function seedCount({ seeds }: Sides): string {
  return `${seeds.length} seeds`;
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
