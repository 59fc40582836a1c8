import { describe, expect, it } from '@jest/globals';
import { compareAdapters } from '../../src/metrics/compare-adapters';
import { nodeAgainstPython } from '../../src/metrics/node-against-python';
import type { CompletedTrial } from '../../src/results/bench-results';
import { completedTrial, exampleResults } from '../results/example-results';

function trial(adapter: string, seed: number, trainSeconds: number, changes = {}): CompletedTrial {
  return { ...completedTrial, adapter, displayName: adapter, seed, trainSeconds, ...changes };
}

const python = { versions: { python: '3.11' } };
const forest = { family: 'forest' };

function compare(...trials: CompletedTrial[]) {
  const results = { ...exampleResults, trials };
  return nodeAgainstPython(results, compareAdapters(results)).map((comparison) => ({
    pair: `${comparison.node.adapter}/${comparison.python.adapter}`,
    training: comparison.times.find(({ metric }) => metric === 'trainSeconds'),
  }));
}

describe('nodeAgainstPython', () => {
  it('pairs frameworks of one family across the two languages', () => {
    const pairs = compare(
      trial('onnx', 1, 1),
      trial('tfjs', 1, 1),
      trial('rf', 1, 1, forest),
      trial('pytorch', 1, 1, python),
      trial('sklearn', 1, 1, { ...python, ...forest }),
    );
    expect(pairs.map(({ pair }) => pair)).toEqual(['onnx/pytorch', 'tfjs/pytorch', 'rf/sklearn']);
  });

  it('gives Node.js’ time over Python’s, whoever ran first', () => {
    const first = compare(trial('onnx', 1, 3), trial('pytorch', 1, 6, python));
    const last = compare(trial('pytorch', 1, 6, python), trial('onnx', 1, 3));
    expect(first[0]?.training?.ratio).toBeCloseTo(0.5, 12);
    expect(last).toEqual(first);
  });

  it('turns the interval round with the ratio', () => {
    const seeds = [
      [1, 3, 6],
      [2, 3, 5],
      [3, 4, 7],
    ] as const;
    const node = seeds.map(([seed, seconds]) => trial('onnx', seed, seconds));
    const peers = seeds.map(([seed, , seconds]) => trial('pytorch', seed, seconds, python));
    const [forward] = compare(...node, ...peers);
    const [backward] = compare(...peers, ...node);
    for (const bound of ['ratio', 'low', 'high'] as const) {
      expect(backward?.training?.[bound]).toBeCloseTo(forward?.training?.[bound] as number, 10);
    }
    expect(forward?.training?.low).toBeLessThan(forward?.training?.ratio as number);
  });
});
