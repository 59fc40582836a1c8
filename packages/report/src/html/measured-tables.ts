import type { CompletedTrial, Contender } from '@dlcmp/bench-core/results';
import { counted } from '@dlcmp/contract';
import { formatSignificant } from '../format-number';
import type { Report } from '../report';
import { figureTable } from './chart-figure';
import { html, type Markup } from './markup';

/** A column: its title, and the trial's figure; null = the machine does not let it be read. */
interface Column {
  readonly title: string;
  readonly digits: number;
  readonly value: (trial: CompletedTrial) => number | null | undefined;
  /** Stands where no seed has the figure. Default `unavailable`. */
  readonly missing?: (trials: readonly CompletedTrial[]) => string;
}

const MEBIBYTE = 2 ** 20;

const INFERENCE: readonly Column[] = [
  { title: 'p50 (ms)', digits: 2, value: ({ latency }) => latency.p50Ms },
  { title: 'p90 (ms)', digits: 2, value: ({ latency }) => latency.p90Ms },
  { title: 'p99 (ms)', digits: 2, value: ({ latency }) => latency.p99Ms },
  {
    title: 'p99.9 (ms)',
    digits: 2,
    value: ({ latency }) => latency.p999Ms,
    missing: (trials) => `unsupported by ${counted(fewestSamples(trials), 'sample')}`,
  },
  { title: 'samples a seed', digits: 0, value: ({ latency }) => latency.samplesMs.length },
  { title: 'cold first call (ms)', digits: 2, value: ({ latency }) => latency.firstCallMs },
  { title: 'load (s)', digits: 3, value: ({ savedModel }) => savedModel?.loadSeconds },
  {
    title: 'model on disk (MiB)',
    digits: 2,
    value: ({ savedModel }) => savedModel && savedModel.sizeBytes / MEBIBYTE,
  },
  {
    title: 'accuracy once loaded (%)',
    digits: 2,
    value: ({ savedModel }) => savedModel && savedModel.accuracy * 100,
  },
];

const COST: readonly Column[] = [
  { title: 'CPU time (s)', digits: 2, value: ({ cpuSeconds }) => cpuSeconds },
  { title: 'of it in training (s)', digits: 2, value: ({ fitCpuSeconds }) => fitCpuSeconds },
  { title: 'peak memory (MiB)', digits: 0, value: (trial) => trial.peakRssBytes / MEBIBYTE },
  {
    title: 'peak from outside (MiB)',
    digits: 0,
    value: ({ conditions }) => mebibytes(conditions?.peakRssBytes),
  },
  {
    title: 'while training (MiB)',
    digits: 0,
    value: ({ conditions }) => mebibytes(conditions?.steadyRssBytes),
  },
  { title: 'CPU energy (J)', digits: 0, value: ({ fitEnergyJoules }) => fitEnergyJoules },
  {
    title: 'GPU busy (%)',
    digits: 0,
    value: ({ conditions }) => percent(conditions?.gpu?.utilization),
  },
  {
    title: 'GPU memory (MiB)',
    digits: 0,
    value: ({ conditions }) => mebibytes(conditions?.gpu?.peakMemoryBytes),
  },
  {
    title: 'GPU energy (J)',
    digits: 0,
    value: ({ conditions }) => conditions?.gpu?.trainEnergyJoules,
  },
];

/** Single images, cold and warm, and the model as it was saved. */
export function inferenceSection(report: Report): Markup | undefined {
  const table = meanTable(report, INFERENCE, 'Inference and the saved model');
  return (
    table &&
    html`<section><h2>Inference and the saved model</h2><p>Latency of one image at a time, after warm-up; a percentile stands only where two samples or more lie beyond it. The first call is that of the model loaded again.${overSeeds(report)}</p>${table}</section>`
  );
}

/** What a trial took from the machine. */
export function costSection(report: Report): Markup | undefined {
  const table = meanTable(report, COST, 'What it cost');
  return (
    table &&
    html`<section><h2>What it cost</h2><p>Peak memory is the operating system’s count of the process when its model is saved; memory from outside is sampled five times a second over all of the trial, processes below it included. Energy is that of training, read from the processor (RAPL) and from NVIDIA’s GPUs (NVML) where the machine has and allows it.${overSeeds(report)}</p>${table}</section>`
  );
}

function overSeeds({ hasSpread }: Report): string {
  return hasSpread ? ' Means over seeds.' : '';
}

function meanTable(
  report: Report,
  columns: readonly Column[],
  caption: string,
): Markup | undefined {
  const contenders = report.contenders.filter(({ completed }) => completed.length > 0);
  if (contenders.length === 0) return undefined;
  const rows = contenders.map((contender) => [
    contender.title,
    ...columns.map((column) => cell(contender, column)),
  ]);
  return figureTable(
    { columns: ['framework', ...columns.map(({ title }) => title)], rows },
    caption,
  );
}

function cell({ completed }: Contender, { value, digits, missing }: Column): string {
  const known = completed.map(value).filter((figure) => typeof figure === 'number');
  if (known.length === 0) return missing?.(completed) ?? 'unavailable';
  return formatSignificant(known.reduce((sum, figure) => sum + figure, 0) / known.length, digits);
}

function fewestSamples(trials: readonly CompletedTrial[]): number {
  return Math.min(...trials.map(({ latency }) => latency.samplesMs.length));
}

function mebibytes(bytes: number | null | undefined): number | null {
  return typeof bytes === 'number' ? bytes / MEBIBYTE : null;
}

function percent(share: number | null | undefined): number | null {
  return typeof share === 'number' ? share * 100 : null;
}
