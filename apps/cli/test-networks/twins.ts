import { createGenerator, nextUniform, type Weights } from '@dlcmp/contract';

/**
 * `count` copies of the weights, each with another half of the values different in the last bit: frameworks that add in another
 * order differ in the last bits of every value, where one bit alone moves one filter.
 */
export function twinsOf(weights: Weights, count: number): Weights[] {
  return Array.from({ length: count }, (_, twin) => {
    const generator = createGenerator(twin, 'twin');
    const entries = Object.entries(weights).map(([name, tensor]) => {
      const data = tensor.data.slice();
      const bits = new Uint32Array(data.buffer);
      for (let at = 0; at < bits.length; at++) bits[at]! ^= Number(nextUniform(generator) < 0.5);
      return [name, { ...tensor, data }] as const;
    });
    return Object.fromEntries(entries);
  });
}
