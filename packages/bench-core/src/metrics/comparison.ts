import type { McNemarTest } from './mcnemar';
import type { BootstrapInterval } from './paired-bootstrap';
import type { RatioInterval } from './paired-ratio';

/** The times that adapters are compared by; each is a key of `METRICS`. */
export const COMPARED_TIMES = [
  'trainSeconds',
  'inferenceSeconds',
  'totalSeconds',
  'latencyP50Ms',
] as const;

export type ComparedTime = (typeof COMPARED_TIMES)[number];

/**
 * The figure whose winner must be known before another one's is asked for: two questions instead of four, and no error more
 * (Maurer, Hothorn and Lehmacher, 1995: hypotheses in an order set beforehand).
 */
export const FIGURE_BEFORE: Partial<Readonly<Record<ComparedTime, ComparedTime>>> = {
  totalSeconds: 'trainSeconds',
  latencyP50Ms: 'inferenceSeconds',
};

/** One side of a comparison: an adapter on a backend (and, in a matrix, with its settings). */
export interface ComparedContender {
  /** Key of the contender, as `groupByContender` gives it. */
  readonly key: string;
  readonly adapter: string;
  readonly backend: string;
  readonly displayName: string;
  readonly contender?: string | undefined;
}

/**
 * Why no winner is named:
 *
 * - `not-comparable`: the two did not compute the same.
 * - `different-kinds`: a forest and a network; their times are not ranked.
 * - `too-few-runs`: three are needed.
 * - `within-noise`: the 95% interval holds "no difference".
 * - `many-comparisons`: the interval alone would name one, but not after the correction for the number of pairs and figures.
 * - `within-bias`: the difference is no larger than what may stay with a contender through all its runs.
 * - `first-figure-undecided`: the figure that stands before this one has no winner.
 */
export type UndecidedReason =
  | 'not-comparable'
  | 'different-kinds'
  | 'too-few-runs'
  | 'within-noise'
  | 'many-comparisons'
  | 'within-bias'
  | 'first-figure-undecided';

interface Verdict {
  /**
   * Of the paired t-test over runs, after Holm's correction over the pairs that compete; null where nothing is judged.
   */
  readonly correctedPValue: number | null;
  /** Whose figure is better beyond chance; null = undecided. */
  readonly winner: 'left' | 'right' | null;
  /** null where there is a winner. */
  readonly undecidedBecause: UndecidedReason | null;
  /** The verdict in a sentence. */
  readonly sentence: string;
}

/** The ratio of two contenders' times: below 1, the left one took less. */
export interface TimeComparison extends RatioInterval, Verdict {
  readonly metric: ComparedTime;
  /**
   * Of a ratio so far from 1 between equals with a lasting bias, after Holm's correction; null where nothing is judged.
   */
  readonly biasPValue: number | null;
}

/** The difference of two contenders' accuracies, left minus right, 0–1. */
export interface AccuracyComparison extends Verdict {
  readonly difference: number;
  /** 95% t-interval over seeds: what training again would change. Null below two seeds. */
  readonly seedInterval: { readonly low: number; readonly high: number } | null;
  /** 95% bootstrap interval over test images: what other test images would change. */
  readonly imageInterval: BootstrapInterval;
  /** McNemar's exact test of the two models of each seed. */
  readonly perSeed: readonly (McNemarTest & { readonly seed: number })[];
}

/** Two contenders held against each other over the runs that both completed. */
export interface AdapterComparison {
  readonly left: ComparedContender;
  readonly right: ComparedContender;
  /** Seeds that pair the two. */
  readonly seeds: readonly number[];
  /** Runs whose times pair the two: several a seed where `--repeats` asked for them. */
  readonly runs: number;
  readonly times: readonly TimeComparison[];
  readonly accuracy: AccuracyComparison;
}
