import type { CompletedTrial } from '@dlcmp/bench-core/results';
import { describe, expect, it } from '@jest/globals';
import { createReport, renderReportHtml, summaryMarkdown } from '../src';
import { completedTrial, sampleResults } from './sample-results';

const SEEDS = [1, 2, 3, 4, 5];

/** Trials whose times scatter by a percent or two around `seconds`. */
function trials(name: string, seconds: number, changes: Partial<CompletedTrial> = {}) {
  return SEEDS.map((seed) => {
    const scatter = 1 + ((seed * name.charCodeAt(0)) % 5) / 300;
    return {
      ...completedTrial({
        adapter: name,
        displayName: name,
        seed,
        trainSeconds: seconds * scatter,
        inferenceSeconds: 1.25,
      }),
      ...changes,
    };
  });
}

const FOREST = { family: 'forest', epochs: [] } as const;
const PUBLISHED = {
  division: 'as-published',
  computedBy: [{ part: 'convolution', by: 'framework', what: 'its own' }],
} as const;
const KERNELS = {
  division: 'with-kernels',
  computedBy: [
    { part: 'convolution', by: 'dlcmp', what: 'Winograd' },
    { part: 'products', by: 'framework', what: 'its own' },
  ],
} as const;
const at = (imageSize: number) => ({ imageSize, batchSize: 32, learningRate: 0.001 });

function answerTo(...groups: readonly CompletedTrial[][]) {
  return createReport(sampleResults(groups.flat())).answer;
}

describe('the answer', () => {
  it('names winners within a division, then the quickest of all and what it is made of', () => {
    const { headline, conclusion } = answerTo(
      trials('Graph', 40, PUBLISHED),
      trials('Stock', 60, PUBLISHED),
      trials('Blocks', 20, KERNELS),
      trials('Tuned', 30, KERNELS),
    );
    const open = 'no one is ahead of all others beyond chance and bias';
    expect(headline).toBe(
      [
        `As published, Graph on cpu is quickest to train; which is quickest to answer is undecided: ${open}.`,
        `With kernels of dlcmp, Blocks on cpu is quickest to train; which is quickest to answer is undecided: ${open}.`,
        `Blocks on cpu is quickest of all to train; which is quickest of all to answer is undecided: ${open}.`,
        'Blocks on cpu computes in the division with kernels of dlcmp (by dlcmp: convolution; by the framework: products).',
        `Which is most accurate is undecided: ${open}.`,
        'Such a rule names a wrong winner between equals in at most 5% of studies (5 seeds).',
      ].join(' '),
    );
    expect(conclusion).toMatch(
      /^Blocks on cpu trains 1\.\d+ times as fast as Tuned on cpu \(95% interval 1\.\d+–1\.\d+, 5 seeds\)\.$/,
    );
  });

  it('says where one alone took part in a division', () => {
    const { headline } = answerTo(
      trials('Graph', 40, PUBLISHED),
      trials('Stock', 60, PUBLISHED),
      trials('Blocks', 20, KERNELS),
    );
    expect(headline).toContain('With kernels of dlcmp, only Blocks on cpu took part.');
    expect(headline).toContain('Blocks on cpu is quickest of all to train');
  });

  it('says nothing of divisions where there is but one', () => {
    const { headline } = answerTo(trials('Graph', 40, PUBLISHED), trials('Stock', 60, PUBLISHED));
    expect(headline).toMatch(/^Graph on cpu is quickest to train; /);
    expect(headline).not.toContain('of all to');
  });

  it('ranks no forest among networks', () => {
    const { headline, margins } = answerTo(
      trials('Forest', 1, FOREST),
      trials('Onnx', 40),
      trials('Tensor', 60),
    );
    expect(headline).toMatch(/^Onnx on cpu is quickest to train/);
    expect(headline).toContain('Times of a forest and of networks are not ranked');
    expect(margins.join('\n')).toMatch(/^Onnx on cpu trains 1\.\d+ times as fast as Tensor on cpu/);
  });

  it('of a matrix tells in which of its settings each wins', () => {
    const { headline, margins } = answerTo(
      trials('Onnx', 40, { settings: at(32) }),
      trials('Tensor', 60, { settings: at(32) }),
      trials('Onnx', 90, { settings: at(64) }),
      trials('Tensor', 60, { settings: at(64) }),
    );
    expect(headline).toContain('2 combinations of settings were compared, over 5 seeds');
    expect(margins).toContain(
      'Quickest to train: Onnx on cpu in 1 (32 px, batch 32, rate 0.001), Tensor on cpu in 1 (64 px, batch 32, rate 0.001).',
    );
    expect(margins).toContain('Most accurate: undecided in all.');
  });

  it('names nobody where nothing differs, and ends in what is known of the quickest two', () => {
    const { headline, margins, conclusion } = answerTo(
      ...['Onnx', 'Tensor'].map((name) =>
        SEEDS.map((seed) => completedTrial({ adapter: name, displayName: name, seed })),
      ),
    );
    expect(headline).toBe(
      'Which is quickest to train or quickest to answer is undecided: no one is ahead of all others beyond chance and bias. Which is most accurate is undecided: no one is ahead of all others beyond chance and bias.',
    );
    expect(margins).toEqual([]);
    expect(conclusion).toBe(
      'Training time of Onnx on cpu and Tensor on cpu: undecided (ratio 1.00, 95% interval 1.00–1.00); the difference is within the noise.',
    );
  });

  it('stands in the page and in the summary', async () => {
    const run = sampleResults([
      ...trials('Graph', 40, PUBLISHED),
      ...trials('Stock', 60, PUBLISHED),
      ...trials('Blocks', 20, KERNELS),
    ]);
    const report = createReport(run);
    const sentence = 'Blocks on cpu is quickest of all to train';
    expect(summaryMarkdown(report)).toContain(sentence);
    expect(await renderReportHtml(report)).toContain(sentence);
  });
});
