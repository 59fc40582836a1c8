import type { Dice } from './dice';

const SIDE = 64;
const MASK = SIDE - 1;

/** Smooth randomness over the plane, from -1 to 1. */
export interface Noise {
  /** Features of about one unit. */
  at(x: number, y: number): number;
  /** Sum of `octaves` noises, each twice as fine and half as strong as the one before. */
  fractal(x: number, y: number, octaves: number): number;
}

/** Value noise: random values on a lattice, smoothly interpolated; it repeats after 64 units. */
export function createNoise(dice: Dice): Noise {
  const lattice = Float32Array.from({ length: SIDE * SIDE }, () => dice.between(-1, 1));
  const value = (x: number, y: number) => lattice[((y & MASK) << 6) | (x & MASK)] as number;
  const at = (x: number, y: number) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const across = ease(x - left);
    const down = ease(y - top);
    const upper = value(left, top) + (value(left + 1, top) - value(left, top)) * across;
    const lower = value(left, top + 1) + (value(left + 1, top + 1) - value(left, top + 1)) * across;
    return upper + (lower - upper) * down;
  };
  const fractal = (x: number, y: number, octaves: number) => {
    let sum = 0;
    let total = 0;
    for (let octave = 0, scale = 1; octave < octaves; octave++, scale *= 2) {
      sum += at(x * scale + 17 * octave, y * scale + 31 * octave) / scale;
      total += 1 / scale;
    }
    return sum / total;
  };
  return { at, fractal };
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}
