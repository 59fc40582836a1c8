/** A share of a whole number of things. */
export interface Share {
  readonly start: number;
  readonly size: number;
}

/**
 * Cuts `total` things into at most `parts` shares of about the same size, none of them empty, and all
 * but the last a multiple of `step`.
 */
export function split(total: number, parts: number, step = 1): readonly Share[] {
  const size = Math.max(step, Math.ceil(total / parts / step) * step);
  const shares: Share[] = [];
  for (let start = 0; start < total; start += size) {
    shares.push({ start, size: Math.min(size, total - start) });
  }
  return shares;
}
