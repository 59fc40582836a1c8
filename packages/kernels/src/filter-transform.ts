/** See `assembly/winograd/transform.ts`, whose numbers these are. */
const INNER = Math.SQRT1_2 / 1.5;
const OUTER = Math.SQRT2 / 6;

/** G: six values of three. */
const G = [
  [1, 0, 0],
  [-2 / 3, -INNER, -1 / 3],
  [-2 / 3, INNER, -1 / 3],
  [1 / 6, OUTER, 1 / 3],
  [1 / 6, -OUTER, 1 / 3],
  [0, 0, 1],
] as const;

/**
 * G ⊗ G, [36 × 9], for who transforms filters by a matrix product: with a filter of 3×3 as nine values it is G g Gᵀ, as the
 * kernel `transformFilters` computes it.
 */
export const FILTER_TRANSFORM = Float32Array.from(
  G.flatMap((row) => G.flatMap((column) => row.flatMap((y) => column.map((x) => y * x)))),
);
