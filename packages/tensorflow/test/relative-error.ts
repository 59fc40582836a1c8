/** Norm of the difference over the norm of the reference. */
export function relativeError(actual: ArrayLike<number>, reference: ArrayLike<number>): number {
  if (actual.length !== reference.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < reference.length; i++) {
    const expected = reference[i] as number;
    difference += ((actual[i] as number) - expected) ** 2;
    size += expected ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / size);
}
