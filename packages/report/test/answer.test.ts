import type { CompletedTrial } from '@dlcmp/bench-core/results';
import { describe, expect, it } from '@jest/globals';
import { createReport } from '../src';
import { completedTrial, sampleResults } from './sample-results';

const SEEDS = [1, 2, 3, 4];

/** Trials whose times scatter by a percent or two around `seconds`. */
function trials(name: string, seconds: number, changes: Partial<CompletedTrial> = {}) {
  return SEEDS.map((seed) => ({
    ...completedTrial({
      adapter: name,
      displayName: name,
      seed,
      trainSeconds: seconds * (1 + ((seed * name.charCodeAt(0)) % 5) / 300),
    }),
    ...changes,
  }));
}

const FOREST = { family: 'forest', epochs: [] } as const;
const at = (imageSize: number) => ({ imageSize, batchSize: 32, learningRate: 0.001 });

describe('the answer', () => {
  it('says of the networks who is ahead where a forest wins', () => {
    const run = sampleResults([
      ...trials('Forest', 1, FOREST),
      ...trials('Onnx', 40),
      ...trials('Tensor', 60),
    ]);
    const { headline, margins } = createReport(run).answer;
    expect(headline).toContain('Forest on cpu is quickest to train');
    expect(margins.join('\n')).toMatch(
      /Among the networks: Onnx on cpu trains 1\.\d+ times as fast as Tensor on cpu \(95% interval/,
    );
  });

  it('of a matrix tells in which of its settings each wins', () => {
    const run = sampleResults([
      ...trials('Onnx', 40, { settings: at(32) }),
      ...trials('Tensor', 60, { settings: at(32) }),
      ...trials('Onnx', 90, { settings: at(64) }),
      ...trials('Tensor', 60, { settings: at(64) }),
    ]);
    const { headline, margins } = createReport(run).answer;
    expect(headline).toContain('2 combinations of settings were compared, over 4 seeds');
    expect(margins).toContain(
      'Quickest to train: Onnx on cpu in 1 (32 px, batch 32, rate 0.001), Tensor on cpu in 1 (64 px, batch 32, rate 0.001).',
    );
    expect(margins).toContain('Most accurate: undecided in all.');
  });

  it('of a matrix holds a forest against the networks of every setting', () => {
    const settings = { imageSize: 64, batchSize: null, learningRate: null };
    const run = sampleResults([
      ...trials('Forest', 1, { ...FOREST, settings }),
      ...[32, 64].flatMap((size) => trials('Onnx', size, { settings: at(size) })),
    ]);
    expect(createReport(run).answer.margins).toContain('Quickest to train: Forest on cpu in all.');
  });

  it('names nobody where nothing differs', () => {
    const equal = ['Onnx', 'Tensor'].flatMap((name) =>
      SEEDS.map((seed) => completedTrial({ adapter: name, displayName: name, seed })),
    );
    expect(createReport(sampleResults(equal)).answer.headline).toBe(
      'Which is most accurate, quickest to train or quickest to answer is undecided: no one is ahead of all others beyond chance.',
    );
  });
});
