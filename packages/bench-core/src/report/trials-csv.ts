import { METRICS, type MetricDefinition } from '../metrics/metric-definitions';
import type { BenchResults, TrialResult } from '../results/bench-results';
import { csvRow } from './csv';

const FIGURES: readonly MetricDefinition[] = Object.values(METRICS);

/**
 * `trials.csv`: one row a trial with every metric at full precision, as RFC 4180 has it. Names are
 * guarded as in `predictions.csv`.
 */
export function trialsCsv({ trials }: BenchResults): string {
  const header = ['adapter', 'backend', 'seed', 'status', ...FIGURES.map(({ id }) => id), 'error'];
  return [header, ...trials.map(row)].map(csvRow).join('');
}

function row(trial: TrialResult): string[] {
  const { adapter, backend, seed, status } = trial;
  const figures = FIGURES.map((metric) =>
    status === 'completed' ? String(metric.value(trial)) : '',
  );
  const error = status === 'completed' ? '' : `${trial.error.code}: ${trial.error.message}`;
  return [adapter, backend, String(seed), status, ...figures, error];
}
