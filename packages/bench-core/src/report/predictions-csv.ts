import { assertArgument } from '../contract';
import type { BenchResults, CompletedTrial, DatasetSummary } from '../results/bench-results';

const HEADER = ['image', 'true_class', 'adapter', 'backend', 'seed', 'predicted_class'];

/**
 * `predictions.csv`: one row per test image of each completed trial, as RFC 4180 has it (a header,
 * CRLF, quotes doubled).
 *
 * Spreadsheets run a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break as a formula.
 * A name that does so gets an apostrophe before it, as OWASP advises ("CSV injection"); a program
 * that reads the file back should drop it.
 *
 * @throws `INVALID_ARGUMENT` when a trial predicts other images than the data set's
 */
export function predictionsCsv({ dataset, trials }: BenchResults): string {
  const rows = trials
    .filter((trial) => trial.status === 'completed')
    .flatMap((trial) => trialRows(trial, dataset));
  return [HEADER, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

function trialRows(trial: CompletedTrial, { testImages, classNames }: DatasetSummary): string[][] {
  const { adapter, backend, seed, predictedLabels } = trial;
  assertArgument(
    predictedLabels.length === testImages.length,
    `${adapter} predicted ${predictedLabels.length} images, but the data set has ${testImages.length} test images.`,
  );
  return testImages.map(({ relativePath, label }, i) => [
    relativePath,
    className(classNames, label),
    adapter,
    backend,
    String(seed),
    className(classNames, predictedLabels[i]),
  ]);
}

function className(classNames: readonly string[], label: number | undefined): string {
  const name = label === undefined ? undefined : classNames[label];
  assertArgument(name !== undefined, `${label} is not the index of a class.`);
  return name;
}

function csvField(value: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
