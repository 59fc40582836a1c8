import { join } from 'node:path';
import { writeWhole } from '@dlcmp/bench-core';
import type { Dataset } from '@dlcmp/data';
import {
  junitXml,
  predictionsCsv,
  type Report,
  renderBenchmarkPng,
  renderChartFiles,
  renderReportHtml,
  summaryMarkdown,
  trialsCsv,
} from '@dlcmp/report';
import { renderGalleryThumbnails } from './gallery-thumbnails';
import { readImportanceMaps } from './importance-maps';

/** What `writeReport` leaves beside `results.json`. */
export const REPORT_FILES =
  'report.html, benchmark.png, charts/*.svg and *.png, summary.md, trials.csv, predictions.csv and junit.xml';

/**
 * Writes what is drawn of a run beside its `results.json`.
 *
 * @param dataset where the images are; without it the page has no pictures of them
 */
export async function writeReport(
  directory: string,
  report: Report,
  dataset?: Dataset,
): Promise<void> {
  const { results } = report;
  const write = (name: string, content: string | Uint8Array) =>
    writeWhole(
      join(directory, name),
      content,
      `results.json is kept: mend that, then "dlcmp report ${directory}" draws the rest.`,
    );
  await write('benchmark.png', await renderBenchmarkPng(report));
  await write('predictions.csv', predictionsCsv(results));
  await write('trials.csv', trialsCsv(results));
  await write('summary.md', summaryMarkdown(report));
  await write('junit.xml', junitXml(report));
  const thumbnails = dataset ? await renderGalleryThumbnails(report, dataset) : new Map();
  const importanceMaps = await readImportanceMaps(directory, results);
  const extras = { thumbnails, importanceMaps };
  await write('report.html', await renderReportHtml(report, extras));
  for (const { name, svg, png } of await renderChartFiles(report, extras)) {
    await write(join('charts', `${name}.svg`), svg);
    await write(join('charts', `${name}.png`), png);
  }
}
