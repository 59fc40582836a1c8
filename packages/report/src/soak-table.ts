import type { Growth, SoakMeasurement } from '@dlcmp/bench-core/results';
import { counted } from '@dlcmp/contract';
import type { ChartTable } from './charts/report-chart';
import { formatNumber } from './format-number';
import type { Report } from './report';

const MEBIBYTE = 2 ** 20;

/** Memory of each contender over many requests: no rows where no soak was asked for, one for each that was measured. */
export function soakTable({ contenders, results }: Report): ChartTable {
  const hasSeeds = results.configuration.seeds.length > 1;
  return {
    columns: [
      'framework',
      'requests',
      'memory (MiB)',
      'growth (bytes a request)',
      'objects (bytes a request)',
      'buffers (bytes a request)',
      'growth (KiB a reload)',
    ],
    rows: contenders.flatMap(({ title, completed }) =>
      completed.flatMap(({ seed, soak }) =>
        soak ? [[hasSeeds ? `${title}, seed ${seed}` : title, ...cells(soak)]] : [],
      ),
    ),
  };
}

/** What the table is of, for whoever reads it; undefined where there is none. */
export function soakSentence({ contenders }: Report): string | undefined {
  const soak = contenders
    .flatMap(({ completed }) => completed.flatMap(({ soak }) => soak ?? []))
    .find((each): each is MeasuredSoak => each.status === 'completed');
  if (!soak) return undefined;
  const cycles = soak.reloading.samples.length;
  return `A new process loads the saved model and answers requests of ${soak.batchSizes.join(', ')} images in turn; memory is sampled after a collection of garbage, over the second half of them, and then over ${counted(cycles, 'time')} that the model is loaded, asked and released. Growth of resident memory, and of what JavaScript's objects and buffers have of it, with 99% intervals: one that holds 0 is no growth beyond chance.`;
}

type MeasuredSoak = { readonly status: 'completed' } & SoakMeasurement;

function cells(
  soak: MeasuredSoak | { readonly status: 'failed'; readonly error: { readonly code: string } },
) {
  if (soak.status === 'failed') return [`failed (${soak.error.code})`];
  const { requests, serving, reloading } = soak;
  const last = serving.samples.at(-1)?.rssBytes ?? 0;
  return [
    formatNumber(requests),
    formatNumber(last / MEBIBYTE),
    interval(serving.growth.rssBytes, 1),
    interval(serving.growth.heapUsedBytes, 1),
    interval(serving.growth.externalBytes, 1),
    interval(reloading.growth.rssBytes, 1024),
  ];
}

/** `12.3 ± 16.9` */
function interval({ perUnit, high }: Growth, unit: number): string {
  const figure = (bytes: number) => String(Number((bytes / unit).toPrecision(3)));
  return `${figure(perUnit)} ± ${figure(high - perUnit)}`;
}
