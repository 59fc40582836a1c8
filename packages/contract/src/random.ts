import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

export type { RandomGenerator };

/** One step of MurmurHash3's 32-bit mixing (Appleby, public domain). */
function mix(hash: number, value: number): number {
  let mixed = Math.imul(value, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  const next = hash ^ mixed;
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * The generator's state holds a close neighbour of its seed at first; these draws wash it out.
 */
const DISCARDED_DRAWS = 16;

/**
 * An independent xoroshiro128+ generator for one purpose: the same `seed`, `purpose` and `indices`
 * (an epoch, a step …) always give the same sequence, in any process and on any machine.
 */
export function createGenerator(
  seed: number,
  purpose: string,
  ...indices: readonly number[]
): RandomGenerator {
  let hash = mix(0, seed);
  for (let i = 0; i < purpose.length; i++) hash = mix(hash, purpose.charCodeAt(i));
  for (const index of indices) hash = mix(hash, index);
  const generator = xoroshiro128plus(finish(hash));
  for (let i = 0; i < DISCARDED_DRAWS; i++) generator.next();
  return generator;
}

/** The next draw as a float32 in [0, 1), of 24 random bits. */
export function nextUniform(generator: RandomGenerator): number {
  return (generator.next() >>> 8) / 0x100_0000;
}

/** The next draw as a whole number in [0, bound), free of bias (rejection). */
export function nextInteger(generator: RandomGenerator, bound: number): number {
  const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
  let draw = generator.next() >>> 0;
  while (draw >= limit) draw = generator.next() >>> 0;
  return draw % bound;
}

/** The numbers 0 … count - 1 in random order (Fisher–Yates). */
export function permutation(generator: RandomGenerator, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = nextInteger(generator, last + 1);
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
  return order;
}
