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

const SIGNIFICANCE = 0.05;

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
  return correctedPValue >= SIGNIFICANCE ? 'many-comparisons' : null;
}
