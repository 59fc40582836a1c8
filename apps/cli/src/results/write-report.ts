import { join } from 'node:path';
import { type BenchResults, writeWhole } from '@dlcmp/bench-core';
import type { Dataset } from '@dlcmp/data';
import {
  junitXml,
  predictionsCsv,
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
 * Writes what is drawn from `results` beside them.
 *
 * @param dataset where the images are; without it the page has no pictures of them
 */
export async function writeReport(
  directory: string,
  results: BenchResults,
  dataset?: Dataset,
): Promise<void> {
  const write = (name: string, content: string | Buffer) =>
    writeWhole(
      join(directory, name),
      content,
      `results.json is kept: mend that, then "dlcmp report ${directory}" draws the rest.`,
    );
  await write('benchmark.png', await renderBenchmarkPng(results));
  await write('predictions.csv', predictionsCsv(results));
  await write('trials.csv', trialsCsv(results));
  await write('summary.md', summaryMarkdown(results));
  await write('junit.xml', junitXml(results));
  const thumbnails = dataset ? await renderGalleryThumbnails(results, dataset) : new Map();
  const importanceMaps = await readImportanceMaps(directory, results);
  const extras = { thumbnails, importanceMaps };
  await write('report.html', await renderReportHtml(results, extras));
  for (const { name, svg, png } of await renderChartFiles(results, extras)) {
    await write(join('charts', `${name}.svg`), svg);
    await write(join('charts', `${name}.png`), png);
  }
}
