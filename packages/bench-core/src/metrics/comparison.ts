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
 * - `too-few-seeds`: a single seed has no interval; at least two are needed.
 * - `within-noise`: the 95% interval holds "no difference".
 * - `many-comparisons`: the interval alone would name one, but not after the correction for the number
 *   of pairs and figures compared.
 * - `not-comparable`: the parity gate failed; the two did not compute the same.
 */
export type UndecidedReason =
  | 'too-few-seeds'
  | 'within-noise'
  | 'many-comparisons'
  | 'not-comparable';

interface Verdict {
  /**
   * Of the paired t-test over seeds, after Benjamini and Hochberg's correction over all pairs and
   * figures of the study; null below two seeds.
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

/** Two contenders held against each other over the seeds that both completed. */
export interface AdapterComparison {
  readonly left: ComparedContender;
  readonly right: ComparedContender;
  /** Seeds that pair the two. */
  readonly seeds: readonly number[];
  readonly times: readonly TimeComparison[];
  readonly accuracy: AccuracyComparison;
}
