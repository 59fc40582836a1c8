import type { Adapter } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import type { BenchPlan } from '../../src/run/bench-plan';
import { schedule } from '../../src/run/schedule';
import { exampleResults } from '../results/example-results';

function order(ids: readonly string[], seeds: readonly number[], repeats?: number): string[] {
  const adapters = ids.map((id) => ({ adapter: { id } as Adapter, backend: 'cpu' }));
  const configuration = { ...exampleResults.configuration, seeds, repeats };
  const turns = schedule({ configuration, adapters } as unknown as BenchPlan);
  return turns.map(({ selected, seed, repeat = 1 }) => `${selected.adapter.id}${seed}.${repeat}`);
}

describe('the order of trials', () => {
  it('runs each contender once in every block, seed by seed, repeat by repeat', () => {
    const turns = order(['a', 'b', 'c'], [7, 8], 2);
    const blocks = [0, 3, 6, 9].map((start) => turns.slice(start, start + 3).sort());
    expect(blocks).toEqual([
      ['a7.1', 'b7.1', 'c7.1'],
      ['a7.2', 'b7.2', 'c7.2'],
      ['a8.1', 'b8.1', 'c8.1'],
      ['a8.2', 'b8.2', 'c8.2'],
    ]);
  });

  it('is random: of 600 blocks each of three goes first in about a third', () => {
    const seeds = Array.from({ length: 600 }, (_, seed) => seed);
    const turns = order(['a', 'b', 'c'], seeds);
    for (const id of ['a', 'b', 'c']) {
      const first = turns.filter((turn, index) => index % 3 === 0 && turn.startsWith(id)).length;
      // Three standard deviations of a binomial count are 35.
      expect(Math.abs(first - 200)).toBeLessThan(35);
    }
  });

  it('is the same every time, and a contender that joins changes nothing among the others', () => {
    const three = order(['a', 'b', 'c'], [1, 2, 3]);
    expect(order(['a', 'b', 'c'], [1, 2, 3])).toEqual(three);
    const four = order(['a', 'd', 'b', 'c'], [1, 2, 3]);
    expect(four.filter((turn) => !turn.startsWith('d'))).toEqual(three);
  });
});
