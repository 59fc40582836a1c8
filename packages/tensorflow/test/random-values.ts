import { createGenerator, nextUniform } from '@dlcmp/contract';

/** Numbers in [-1, 1) that float32 holds exactly, always the same for a seed. */
export function randomValues(count: number, seed: number): Float64Array {
  const generator = createGenerator(seed, 'test');
  return Float64Array.from({ length: count }, () => 2 * nextUniform(generator) - 1);
}
