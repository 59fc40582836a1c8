/**
 * p-values corrected for how many of them there are (Holm, Scandinavian Journal of Statistics 6, 1979):
 * whichever of the hypotheses are false, and however the p-values hang together, the chance that a true one's
 * corrected value falls below α is at most α.
 */
export function holmCorrection(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const corrected = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.min(1, Math.max(largest, (pValues.length - rank) * pValues[index]!));
    corrected[index] = largest;
  });
  return corrected;
}

/** Each item's p-value, corrected among those of its group. */
export function correctWithin<T>(
  items: readonly T[],
  groupOf: (item: T) => string,
  pValueOf: (item: T) => number,
): Map<T, number> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(groupOf(item), [...(groups.get(groupOf(item)) ?? []), item]);
  const corrected = new Map<T, number>();
  for (const group of groups.values()) {
    const values = holmCorrection(group.map(pValueOf));
    group.forEach((item, index) => {
      corrected.set(item, values[index]!);
    });
  }
  return corrected;
}
