/** The middle of the numbers in order; of an even count, the mean of the middle two. */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.floor(half - 0.5)] + sorted[Math.ceil(half - 0.5)]) / 2;
}

/** From the least to the greatest, as text. */
export function range(numbers) {
  return `${Math.min(...numbers).toFixed(1)}–${Math.max(...numbers).toFixed(1)}`;
}

/** From the first quartile to the third, as text. */
export function middleHalf(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))].toFixed(3);
  return `${at(0.25)}–${at(0.75)}`;
}
