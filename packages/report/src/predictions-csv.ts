import type { BenchResults, CompletedTrial, DatasetSummary } from '@dlcmp/bench-core/results';
import { assertArgument } from '@dlcmp/contract';
import { csvRow } from './csv';

const HEADER = ['image', 'true_class', 'adapter', 'backend', 'seed', 'predicted_class'];

/**
 * `predictions.csv`: a header and one row per test image of each completed trial.
 *
 * @throws `INVALID_ARGUMENT` when a trial predicts other images than the data set's
 */
export function predictionsCsv({ dataset, trials }: BenchResults): string {
  const rows = trials
    .filter((trial) => trial.status === 'completed')
    .flatMap((trial) => trialRows(trial, dataset));
  return [HEADER, ...rows].map(csvRow).join('');
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
  assertArgument(name !== undefined, `${label} must be the index of a class.`);
  return name;
}
