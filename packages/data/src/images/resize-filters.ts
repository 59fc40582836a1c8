import type { ResizeFilter } from '@dlcmp/contract';

/** Filters that reach as much farther as an image shrinks. */
export type WeightedFilter = Exclude<ResizeFilter, 'nearest' | 'bilinear-sharp'>;

/** How much a neighbour counts. */
export interface Filter {
  /** Pixels around the centre, where the image does not shrink. */
  readonly support: number;
  /** Of a pixel at this distance, within the support; not yet normalised. */
  readonly weight: (distance: number) => number;
}

const triangle = (distance: number) => Math.max(1 - Math.abs(distance), 0);

/** Keys' cubic convolution (IEEE Transactions on Acoustics 29, 1981), with the slope that Pillow takes. */
const CUBIC_SLOPE = -0.5;

function cubic(distance: number): number {
  const a = CUBIC_SLOPE;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

const LANCZOS_LOBES = 3;

function lanczos(distance: number): number {
  const inside = -LANCZOS_LOBES <= distance && distance < LANCZOS_LOBES;
  return inside ? sinc(distance) * sinc(distance / LANCZOS_LOBES) : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

export const FILTERS: Readonly<Record<WeightedFilter, Filter>> = {
  bilinear: { support: 1, weight: triangle },
  bicubic: { support: 2, weight: cubic },
  lanczos: { support: LANCZOS_LOBES, weight: lanczos },
};
