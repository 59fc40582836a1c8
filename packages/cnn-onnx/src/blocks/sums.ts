/** The sum of the first `parts` of arrays of a `length` that follow one another. */
export function addUp(values: Float32Array, length: number, parts: number): Float32Array {
  const sums = values.slice(0, length);
  for (let part = 1; part < parts; part++) {
    for (let i = 0; i < length; i++) {
      sums[i] = (sums[i] as number) + (values[part * length + i] as number);
    }
  }
  return sums;
}
