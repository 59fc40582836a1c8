import {
  type BenchResults,
  type CompletedTrial,
  METRICS,
  type TrialResult,
} from '@dlcmp/bench-core/results';
import { csvRow } from './csv';

type Figure = (trial: CompletedTrial) => number | null | undefined;

/** Column → figure, after those of `METRICS`. */
const FURTHER: Readonly<Record<string, Figure>> = {
  logLoss: ({ logLoss }) => logLoss,
  latencyP90Ms: ({ latency }) => latency.p90Ms,
  latencyP999Ms: ({ latency }) => latency.p999Ms,
  latencySamples: ({ latency }) => latency.samplesMs.length,
  firstCallMs: ({ latency }) => latency.firstCallMs,
  ...throughputColumns([1, 8, 32, 128]),
  modelBytes: ({ savedModel }) => savedModel?.sizeBytes,
  loadSeconds: ({ savedModel }) => savedModel?.loadSeconds,
  loadedAccuracy: ({ savedModel }) => savedModel?.accuracy,
  secondsToAccuracy: ({ timeToAccuracy }) => timeToAccuracy?.trainSeconds,
  epochsToAccuracy: ({ timeToAccuracy }) => timeToAccuracy?.epochs,
  fitCpuSeconds: ({ fitCpuSeconds }) => fitCpuSeconds,
  fitEnergyJoules: ({ fitEnergyJoules }) => fitEnergyJoules,
  outsidePeakRssBytes: ({ conditions }) => conditions?.peakRssBytes,
  steadyRssBytes: ({ conditions }) => conditions?.steadyRssBytes,
  swapBytes: ({ conditions }) => conditions?.swapBytes,
  throttledSeconds: ({ conditions }) => conditions?.throttledSeconds,
  gpuUtilization: ({ conditions }) => conditions?.gpuUtilization,
  gpuPeakMemoryBytes: ({ conditions }) => conditions?.gpu?.peakMemoryBytes,
  gpuEnergyJoules: ({ conditions }) => conditions?.gpu?.trainEnergyJoules,
};

const FIGURES: Readonly<Record<string, Figure>> = {
  ...Object.fromEntries(Object.values(METRICS).map(({ id, value }) => [id, value])),
  ...FURTHER,
};

const SETTINGS = ['imageSize', 'batchSize', 'learningRate'] as const;

/**
 * `trials.csv`: one row a trial with every figure at full precision, as RFC 4180 has it; an empty cell
 * is a figure that there is not. Names are guarded as in `predictions.csv`.
 */
export function trialsCsv(results: BenchResults): string {
  const identity = ['adapter', 'backend', 'machine', 'seed', 'repeat', ...SETTINGS, 'status'];
  const header = [...identity, ...Object.keys(FIGURES), 'error'];
  return [header, ...results.trials.map((trial) => row(trial, results))].map(csvRow).join('');
}

function row(trial: TrialResult, { configuration, machine }: BenchResults): string[] {
  const { adapter, backend, seed, repeat = 1, status, settings = configuration } = trial;
  const where = trial.machine ?? machine.name ?? '';
  const swept = SETTINGS.map((name) => String(settings[name] ?? ''));
  const figures = Object.values(FIGURES).map((figure) =>
    status === 'completed' ? String(figure(trial) ?? '') : '',
  );
  const error = status === 'completed' ? '' : `${trial.error.code}: ${trial.error.message}`;
  const identity = [adapter, backend, where, String(seed), String(repeat)];
  return [...identity, ...swept, status, ...figures, error];
}

function throughputColumns(batchSizes: readonly number[]): Record<string, Figure> {
  return Object.fromEntries(
    batchSizes.map((size): [string, Figure] => [
      `imagesPerSecondBatch${size}`,
      ({ throughput = [] }) =>
        throughput.find(({ batchSize }) => batchSize === size)?.imagesPerSecond,
    ]),
  );
}
