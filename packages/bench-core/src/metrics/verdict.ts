import type { UndecidedReason } from './comparison';

interface Evidence {
  /** Seeds that pair the two. */
  readonly seeds: readonly number[];
  /** Whether the parity gate let the two be compared. */
  readonly comparable: boolean;
  readonly pValue: number | null;
  readonly correctedPValue: number | null;
  /** Who has the better figure, by however little. */
  readonly better: 'left' | 'right';
}

/** Of the interval that is shown: below it, the 95% interval excludes "no difference". */
const SIGNIFICANCE = 0.05;

/**
 * Of naming a winner, after the correction. Below 0.05, so that studies without any difference stay
 * under 5% also where 2,000 of them happen to have more false winners than expected (three standard
 * errors are 1.2 points).
 */
const FALSE_WINNER_RATE = 0.035;

/** The rule by which a winner is named, the same for every figure. */
export function judge(evidence: Evidence): {
  winner: 'left' | 'right' | null;
  undecidedBecause: UndecidedReason | null;
} {
  const undecidedBecause = whyUndecided(evidence);
  return { winner: undecidedBecause === null ? evidence.better : null, undecidedBecause };
}

function whyUndecided({ comparable, pValue, correctedPValue }: Evidence): UndecidedReason | null {
  if (!comparable) return 'not-comparable';
  if (pValue === null || correctedPValue === null) return 'too-few-seeds';
  if (pValue >= SIGNIFICANCE) return 'within-noise';
  return correctedPValue >= FALSE_WINNER_RATE ? 'many-comparisons' : null;
}
