import type { Contender } from '@dlcmp/bench-core/results';
import { formatNumber, formatSignificant } from '../format-number';
import type { Report } from '../report';
import { contenderLine, plot, timeAxis } from './plot';
import { contenderLegend, type ReportChart } from './report-chart';

/** Images per second by batch size, where it was measured. */
export function throughputByBatch({ contenders, hasSpread }: Report): ReportChart | undefined {
  const measured = contenders
    .map((contender, index) => ({ contender, index, points: meanThroughput(contender) }))
    .filter(({ points }) => points.length > 0);
  if (measured.length === 0) return undefined;
  const legend = contenderLegend(contenders);
  const rates = measured.flatMap(({ points }) => points.map(([, rate]) => rate));
  const sizes = [...new Set(measured.flatMap(({ points }) => points.map(([size]) => size)))].sort(
    (a, b) => a - b,
  );
  return {
    id: 'throughput-by-batch-size',
    title: 'Inference by batch size',
    description: `Images classified in a second when they come in batches${hasSpread ? '; mean over seeds' : ''}.`,
    legend: measured.map(({ index }) => legend[index]!),
    chart: plot(
      { name: 'batch size', values: sizes },
      timeAxis('images/s', rates),
      measured.map(({ index, points }) =>
        contenderLine(
          index,
          points.map(([size, rate]) => [sizes.indexOf(size), rate]),
        ),
      ),
    ),
    table: {
      columns: ['framework', 'batch size', 'images/s'],
      rows: measured.flatMap(({ contender, points }) =>
        points.map(([size, rate]) => [
          contender.title,
          formatNumber(size),
          formatSignificant(rate, 1),
        ]),
      ),
    },
  };
}

function meanThroughput({ completed }: Contender): [number, number][] {
  const all = completed.flatMap(({ throughput = [] }) => throughput);
  const sizes = [...new Set(all.map(({ batchSize }) => batchSize))].sort((a, b) => a - b);
  return sizes.map((size) => {
    const rates = all.filter(({ batchSize }) => batchSize === size);
    return [size, rates.reduce((sum, rate) => sum + rate.imagesPerSecond, 0) / rates.length];
  });
}
