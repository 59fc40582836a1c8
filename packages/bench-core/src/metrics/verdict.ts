import type { UndecidedReason } from './comparison';

/** Two name nobody. */
export const FEWEST_RUNS = 3;

/** Of the interval that is shown: below it, the 95% interval excludes "no difference". */
const SIGNIFICANCE = 0.05;

/**
 * Of naming a winner by chance, after the correction. Below 0.05, so that studies without any difference stay under 5% also
 * where 2,000 of them happen to have more false winners than expected (two standard errors are 1 point).
 */
const FALSE_WINNER_RATE = 0.04;

/** Of naming a winner by what stays with a contender through all its runs, after the correction. */
const FALSE_BIAS_RATE = 0.05;

/** Over many pairs the correction reaches into tails where a bias somewhat larger than the assumed one shows most. */
const FALSE_BIAS_RATE_OF_SEVERAL_PAIRS = 0.04;

/** Accuracies are a question of their own: with the times' 4% it makes 5%. */
const FALSE_ACCURACY_RATE = 0.01;

interface Evidence {
  /** Runs that pair the two. */
  readonly runs: number;
  /** Whether the two computed the same. */
  readonly comparable: boolean;
  readonly pValue: number | null;
  readonly correctedPValue: number | null;
  /** Who has the better figure, by however little. */
  readonly better: 'left' | 'right';
}

interface TimeEvidence extends Evidence {
  /** Undefined for a forest and a network. */
  readonly field: string | undefined;
  /** Corrected. */
  readonly biasPValue: number | null;
  /** How many pairs compete, this one among them. */
  readonly competingPairs: number;
  /** Whether the figure that stands before this one has a winner. */
  readonly isAsked: boolean;
}

interface Judgement {
  readonly winner: 'left' | 'right' | null;
  readonly undecidedBecause: UndecidedReason | null;
}

/** The rule by which a winner of a time is named. */
export function judgeTime(evidence: TimeEvidence): Judgement {
  return judgement(evidence, whyTimeIsUndecided(evidence));
}

/** The rule by which the more accurate one is named. */
export function judgeAccuracy(evidence: Evidence): Judgement {
  return judgement(evidence, whyUndecided(evidence, FALSE_ACCURACY_RATE));
}

function judgement({ better }: Evidence, undecidedBecause: UndecidedReason | null): Judgement {
  return { winner: undecidedBecause === null ? better : null, undecidedBecause };
}

function whyTimeIsUndecided(evidence: TimeEvidence): UndecidedReason | null {
  if (evidence.comparable && evidence.field === undefined) return 'different-kinds';
  const reason = whyUndecided(evidence, FALSE_WINNER_RATE);
  if (reason !== null) return reason;
  const biasRate = evidence.competingPairs > 1 ? FALSE_BIAS_RATE_OF_SEVERAL_PAIRS : FALSE_BIAS_RATE;
  if (evidence.biasPValue === null || evidence.biasPValue >= biasRate) return 'within-bias';
  return evidence.isAsked ? null : 'first-figure-undecided';
}

function whyUndecided(
  { comparable, runs, pValue, correctedPValue }: Evidence,
  rate: number,
): UndecidedReason | null {
  if (!comparable) return 'not-comparable';
  if (runs < FEWEST_RUNS || pValue === null || correctedPValue === null) return 'too-few-runs';
  if (pValue >= SIGNIFICANCE) return 'within-noise';
  return correctedPValue >= rate ? 'many-comparisons' : null;
}
