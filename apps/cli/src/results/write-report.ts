import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchResults } from '@dlcmp/bench-core';
import { predictionsCsv, renderBenchmarkPng, renderReportHtml } from '@dlcmp/bench-core/report';

/** Writes what is drawn from `results` beside them. */
export async function writeReport(directory: string, results: BenchResults): Promise<void> {
  await writeFile(join(directory, 'benchmark.png'), await renderBenchmarkPng(results));
  await writeFile(join(directory, 'predictions.csv'), predictionsCsv(results));
  await writeFile(join(directory, 'report.html'), await renderReportHtml(results));
}
