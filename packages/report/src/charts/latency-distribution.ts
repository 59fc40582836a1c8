import type { Contender } from '@dlcmp/bench-core/results';
import { counted } from '@dlcmp/contract';
import { formatSignificant } from '../format-number';
import type { Report } from '../report';
import { contenderLine, plot, timeAxis } from './plot';
import { contenderLegend, type ReportChart } from './report-chart';

const STEPS = 100;
const SHARES = [0.5, 0.9, 0.99, 0.999];
/** A percentile stands only where at least two samples lie beyond it. */
const FEWEST_BEYOND = 2;

/** The distribution of the time that a single image takes, as cumulative shares. */
export function latencyDistribution({ contenders, hasSpread }: Report): ReportChart | undefined {
  const measured = contenders
    .map((contender, index) => ({ contender, index, samples: sortedSamples(contender) }))
    .filter(({ samples }) => samples.length > 0);
  if (measured.length === 0) return undefined;
  const legend = contenderLegend(contenders);
  return {
    id: 'latency',
    title: 'Latency of a single image',
    description: `For each time, the share of single-image predictions that took no longer${hasSpread ? ', all seeds together' : ''}. Further left is quicker; a long tail to the right is jitter.`,
    legend: measured.map(({ index }) => legend[index]!),
    chart: plot(
      timeAxis(
        'milliseconds',
        measured.flatMap(({ samples }) => [samples[0]!, samples.at(-1)!]),
      ),
      { name: 'share of predictions (%)', min: 0, max: 100 },
      measured.map(({ index, samples }) =>
        contenderLine(index, cumulative(samples), { symbols: false }),
      ),
    ),
    table: {
      columns: ['framework', 'p50 (ms)', 'p90 (ms)', 'p99 (ms)', 'p99.9 (ms)', 'slowest (ms)'],
      rows: measured.map(({ contender, samples }) => [
        contender.title,
        ...SHARES.map((share) => percentile(samples, share)),
        formatSignificant(samples.at(-1)!, 3),
      ]),
    },
  };
}

function sortedSamples({ completed }: Contender): number[] {
  return completed.flatMap(({ latency }) => latency.samplesMs).sort((a, b) => a - b);
}

function percentile(samples: readonly number[], share: number): string {
  const beyond = samples.length * (1 - share);
  // Binary fractions: 2,000 samples have two beyond p99.9.
  if (beyond < FEWEST_BEYOND - 1e-6) return `unsupported by ${counted(samples.length, 'sample')}`;
  return formatSignificant(quantile(samples, share), 3);
}

function cumulative(samples: readonly number[]): [number, number][] {
  return Array.from({ length: STEPS + 1 }, (_, step) => [
    quantile(samples, step / STEPS),
    (step / STEPS) * 100,
  ]);
}

function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)]!;
  return low + (sorted[Math.ceil(position)]! - low) * (position % 1);
}
