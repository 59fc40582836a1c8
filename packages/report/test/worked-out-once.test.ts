import * as results from '@dlcmp/bench-core/results';
import { expect, jest, test } from '@jest/globals';
import { completedTrial, sampleResults } from './sample-results';

const compareAdapters = jest.fn(results.compareAdapters);
const groupByContender = jest.fn(results.groupByContender);
jest.unstable_mockModule('@dlcmp/bench-core/results', () => ({
  ...results,
  compareAdapters,
  groupByContender,
}));
const report = await import('../src');

test('a run is grouped and compared once, bootstrap included, for everything that is drawn', async () => {
  const python = { adapter: 'pytorch', displayName: 'PyTorch', hitsOfTen: 7 };
  const trials = [completedTrial(), { ...completedTrial(python), versions: { python: '3.12' } }];
  const drawn = report.createReport(sampleResults(trials));
  await report.renderBenchmarkPng(drawn);
  await report.renderReportHtml(drawn);
  await report.renderChartFiles(drawn);
  report.renderStudyTable(drawn);
  report.summaryMarkdown(drawn);
  report.junitXml(drawn);
  report.githubAnnotations(drawn);
  report.timeToAccuracySentence(drawn);
  report.firstEpochSentence(drawn);
  expect(report.nodeAgainstPythonTable(drawn).rows).toHaveLength(1);
  expect(compareAdapters).toHaveBeenCalledTimes(1);
  expect(groupByContender).toHaveBeenCalledTimes(1);
});
