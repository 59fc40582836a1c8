import type {
  CompletedTrial,
  ServerMeasurement,
  ServerRowMeasurement,
} from '@dlcmp/bench-core/results';
import type { ChartTable } from './charts/report-chart';
import { formatNumber } from './format-number';
import type { Report } from './report';

const WAYS = { 'in-process': 'in process', http: 'HTTP' } as const;

/** Each contender behind a server, on its thread and in workers: no rows where no server was asked for. */
export function serverTable({ contenders, results }: Report): ChartTable {
  const hasSeeds = results.configuration.seeds.length > 1;
  return {
    columns: [
      'framework',
      'requests',
      'computes',
      'closed loop (1/s)',
      'highest rate (1/s)',
      'p50 (ms)',
      'p95 (ms)',
      'p99 (ms)',
      'event loop p99 (ms)',
    ],
    rows: contenders.flatMap(({ title, completed }) =>
      completed.flatMap(({ seed, server }) =>
        rowsOf(hasSeeds ? `${title}, seed ${seed}` : title, server),
      ),
    ),
  };
}

/** What the table is of, for whoever reads it; undefined where there is none. */
export function serverSentence({ contenders }: Report): string | undefined {
  const measured = contenders
    .flatMap(({ completed }) => completed.map(({ server }) => server))
    .find((server) => server?.status === 'completed') as ServerMeasurement | undefined;
  if (!measured) return undefined;
  return `Images as they lie on disk are sent to the saved model, within the server's process and over HTTP; it computes on the server's own thread (naive), or in workers (serving). Closed loop: the most answers a second that 1 to 64 clients got. Highest rate: of requests that come at random by a seed, at which 99% are answered within ${measured.boundMs} ms of when they were due. The other figures are of 70% of that rate: how long answers took, and how late the server's event loop was.`;
}

function rowsOf(title: string, server: CompletedTrial['server']): string[][] {
  if (!server) return [];
  if (server.status === 'failed') return [[title, `failed (${server.error.code})`]];
  return server.rows.map((row) => [title, WAYS[row.way], row.row, ...cells(row)]);
}

function cells({ closedLoop, highestRate, atSeventyPercent }: ServerRowMeasurement): string[] {
  const most = Math.max(...closedLoop.map(({ perSecond }) => perSecond));
  if (highestRate === null || !atSeventyPercent) return [formatNumber(most, 1), 'none'];
  const { p50Ms, p95Ms, p99Ms, eventLoop } = atSeventyPercent;
  const times = [p50Ms, p95Ms, p99Ms].map((time) => (time === null ? '–' : formatNumber(time, 1)));
  const delay = formatNumber(eventLoop.p99Ms, 1);
  return [formatNumber(most, 1), formatNumber(highestRate, 1), ...times, delay];
}
