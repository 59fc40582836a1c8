/**
 * p-values corrected for how many of them there are (Benjamini and Hochberg, Journal of the Royal
 * Statistical Society B 57, 1995): of the hypotheses whose corrected value falls below q, at most the
 * share q is expected to be false; and with no true difference at all, the chance that any falls
 * below q is at most q (Simes, Biometrika 73, 1986).
 */
export function benjaminiHochbergCorrection(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[b]! - pValues[a]!);
  const corrected = new Array<number>(pValues.length);
  let smallest = 1;
  order.forEach((index, rank) => {
    const standing = pValues.length - rank;
    smallest = Math.min(smallest, (pValues.length / standing) * pValues[index]!);
    corrected[index] = smallest;
  });
  return corrected;
}
