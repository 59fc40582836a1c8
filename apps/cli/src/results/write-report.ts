import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchResults } from '@dlcmp/bench-core';
import {
  junitXml,
  predictionsCsv,
  type ReportExtras,
  renderBenchmarkPng,
  renderChartFiles,
  renderReportHtml,
  summaryMarkdown,
  trialsCsv,
} from '@dlcmp/bench-core/report';
import type { Dataset } from '@dlcmp/data';
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
    writeFile(join(directory, name), content);
  await write('benchmark.png', await renderBenchmarkPng(results));
  await write('predictions.csv', predictionsCsv(results));
  await write('trials.csv', trialsCsv(results));
  await write('summary.md', summaryMarkdown(results));
  await write('junit.xml', junitXml(results));
  const thumbnails = dataset ? await renderGalleryThumbnails(results, dataset) : new Map();
  const importanceMaps = await readImportanceMaps(directory, results);
  const extras = { thumbnails, importanceMaps };
  await write('report.html', await renderReportHtml(results, extras));
  await writeCharts(join(directory, 'charts'), results, extras);
}

async function writeCharts(
  directory: string,
  results: BenchResults,
  extras: ReportExtras,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const { name, svg, png } of await renderChartFiles(results, extras)) {
    await writeFile(join(directory, `${name}.svg`), svg);
    await writeFile(join(directory, `${name}.png`), png);
  }
}
