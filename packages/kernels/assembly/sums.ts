/** Zeros, up to `end`; both are addresses of whole vectors. */
export function clear(start: usize, end: usize): void {
  memory.fill(start, 0, end - start);
}

/** Adds `length` bytes of floats, whole vectors, to those at `sums`. */
export function addTo(sums: usize, values: usize, length: usize): void {
  for (let i: usize = 0; i < length; i += 16) {
    v128.store(sums + i, f32x4.add(v128.load(sums + i), v128.load(values + i)));
  }
}
