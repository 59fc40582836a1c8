import type { BenchResults, CompletedTrial } from '@dlcmp/bench-core/results';
import { describe, expect, it } from '@jest/globals';
import { renderSite } from '../src/site/render-site';
import { completedTrial, sampleResults } from './sample-results';

function study(date: string, machine: string, edit: Partial<CompletedTrial> = {}): BenchResults {
  const seeds = [1, 2, 3];
  const trials = seeds.flatMap((seed) =>
    ['cnn-onnx', 'cnn-tfjs'].map((adapter, at) => ({
      ...completedTrial({
        adapter,
        displayName: adapter,
        seed,
        trainSeconds: 40 * (at + 1) + seed / 9,
      }),
      ...edit,
    })),
  );
  const base = sampleResults(trials);
  return {
    ...base,
    startedAt: `${date}T10:00:00.000Z`,
    configuration: { ...base.configuration, seeds },
    machine: { ...base.machine, name: machine },
  };
}

const entry = (directory: string, results: BenchResults) => ({ directory, results });

describe('renderSite', () => {
  it('has a page for each machine and each contender, which link to one another', async () => {
    const { pages, refused } = await renderSite([
      entry('a', study('2026-01-01', 'm1')),
      entry('b', study('2026-02-01', 'm1')),
      entry('c', study('2026-01-05', 'm2')),
    ]);
    expect(refused).toEqual([]);
    const names = [...pages.keys()];
    expect(names.filter((name) => name.startsWith('machine-'))).toHaveLength(2);
    expect(names.filter((name) => name.startsWith('contender-'))).toHaveLength(2);
    for (const name of names.slice(1)) expect(pages.get('index.html')).toContain(`href="${name}"`);
    expect(pages.get('index.html')).toContain('2 studies; the latest of 2026-02-01 10:00');
    const contender = pages.get(names.find((name) => name.startsWith('contender-'))!)!;
    // m1 has two studies in one chart, m2 one of its own.
    expect(contender.match(/<figure class="card"/g)).toHaveLength(2);
  });

  it('ranks nobody across machines', async () => {
    const of = (machine: string, adapter: string, trainSeconds: number) => {
      const whole = study('2026-01-01', machine, { trainSeconds });
      return { ...whole, trials: whole.trials.filter((trial) => trial.adapter === adapter) };
    };
    const { pages } = await renderSite([
      entry('a', of('quick', 'cnn-onnx', 1)),
      entry('b', of('slow', 'cnn-tfjs', 100)),
    ]);
    const index = pages.get('index.html');
    expect(index).toContain('Only cnn-onnx on cpu ran');
    expect(index).toContain('Only cnn-tfjs on cpu ran');
  });

  it.each([
    [
      'an accuracy that its answers have not',
      { accuracy: 0.9 },
      /accuracy of 0\.9, and its answers/,
    ],
    ['counts that contradict', { testCount: 7 }, /speaks of 7, 10, 10 test images/],
    ['a check that failed', { comparable: false }, /is not comparable/],
  ])('refuses by name %s', async (_, edit, reason) => {
    const sound = entry('sound', study('2026-01-01', 'm1'));
    const { pages, refused } = await renderSite([
      sound,
      entry('bad', study('2026-01-02', 'm9', edit)),
    ]);
    expect(refused).toEqual([{ directory: 'bad', reason: expect.stringMatching(reason) }]);
    expect(pages.get('index.html')).toContain('Not shown');
    expect([...pages.keys()].join()).not.toContain('m9');
  });

  it('refuses trials that failed, are there twice, or are of another study', async () => {
    const whole = study('2026-01-01', 'm1');
    const refusal = async (trials: BenchResults['trials']) =>
      (await renderSite([entry('x', { ...whole, trials })])).refused[0]?.reason;
    expect(await refusal([])).toBe('it holds no trial');
    expect(await refusal([...whole.trials, whole.trials[0]!])).toMatch(/is there twice/);
    expect(await refusal([{ ...whole.trials[0]!, seed: 77 }])).toMatch(/seed 77, is of a seed/);
  });
});
