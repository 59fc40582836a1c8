import { expect, test } from '@jest/globals';
import { createReport, renderReportHtml, summaryMarkdown } from '../src';
import { reportCharts } from '../src/charts';
import { completedTrial, sampleResults } from './sample-results';

const TENSORFLOW = { adapter: 'cnn-tfjs', displayName: 'TensorFlow.js (CNN)', hitsOfTen: 9 };
const OF_SEVERAL_SEEDS = /±|\bCV\b|95 ?%|over seeds|each seed|all seeds|dots are seeds/;

const one = createReport(sampleResults([completedTrial()]));
const two = createReport(
  sampleResults(
    [1, 2].flatMap((seed) => [completedTrial({ seed }), completedTrial({ ...TENSORFLOW, seed })]),
  ),
);

function captions(html: string): string {
  return [...html.matchAll(/<figcaption[^>]*>([\s\S]*?)<\/figcaption>/g)]
    .map(([, text]) => text)
    .join('\n');
}

test('of one seed speak of no spread, and of one contender of no front', async () => {
  const html = await renderReportHtml(one);
  expect(captions(html)).toContain('Up and to the left is better.');
  expect(captions(html)).not.toMatch(OF_SEVERAL_SEEDS);
  expect(captions(html)).not.toContain('Pareto');
  expect(summaryMarkdown(one)).not.toContain('±');
  const columns = reportCharts(one).flatMap(({ table }) => table.columns);
  expect(columns).not.toContain('±');
  expect(columns).not.toContain('on the Pareto front');
});

test('of several seeds and contenders speak of both', async () => {
  const text = captions(await renderReportHtml(two));
  expect(text).toContain('CV is the coefficient of variation');
  expect(text).toContain('Crosses are 95% t-intervals over seeds.');
  expect(summaryMarkdown(two)).toContain('± is the half-width');
});

test('name the Pareto front where a line is drawn', () => {
  const slower = completedTrial({ ...TENSORFLOW, trainSeconds: 90 });
  const compared = createReport(sampleResults([completedTrial(), slower]));
  expect(reportCharts(compared)[0]?.description).toContain(
    'The broken line joins the Pareto front',
  );
  // Who is quicker and more accurate stands on it alone: there is no line.
  const beaten = completedTrial({ ...TENSORFLOW, trainSeconds: 90, hitsOfTen: 2 });
  const alone = createReport(sampleResults([completedTrial(), beaten]));
  expect(reportCharts(alone)[0]?.description).not.toContain('Pareto');
});
