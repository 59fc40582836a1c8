import type { ComparedTime, NodeAgainstPython, PeerClocks } from '@dlcmp/bench-core/results';
import { contenderTitle } from '@dlcmp/bench-core/results';
import type { ChartTable } from './charts/report-chart';
import { formatNumber, formatSeconds } from './format-number';
import type { Report } from './report';

const COLUMNS: readonly (readonly [metric: ComparedTime, title: string])[] = [
  ['trainSeconds', 'training'],
  ['inferenceSeconds', 'inference'],
  ['latencyP50Ms', 'latency'],
  ['totalSeconds', 'total'],
];

/** Node.js' times over Python's, a row for each pair; no rows where no pair took part. */
export function nodeAgainstPythonTable({ nodeAgainstPython }: Report): ChartTable {
  return {
    columns: ['Node.js / Python', ...COLUMNS.map(([, title]) => title)],
    rows: nodeAgainstPython.map((comparison) => [
      `${contenderTitle(comparison.node)} / ${contenderTitle(comparison.python)}`,
      ...COLUMNS.map(([metric]) => ratioOf(comparison, metric)),
    ]),
  };
}

/** `1.23× [1.10, 1.37]`; without the interval where one seed gives none. */
function ratioOf({ times }: NodeAgainstPython, metric: ComparedTime): string {
  const time = times.find((candidate) => candidate.metric === metric);
  if (!time) return '–';
  const { ratio, low, high } = time;
  const interval = low === null || high === null ? '' : ` [${figure(low)}, ${figure(high)}]`;
  return `${figure(ratio)}×${interval}`;
}

/** Two digits that count, however small. */
function figure(ratio: number): string {
  return ratio < 0.1 ? String(Number(ratio.toPrecision(2))) : formatNumber(ratio, 2);
}

/** How near the losses are after the first epoch; undefined where nothing is to be compared. */
export function firstEpochSentence({ firstEpochLosses: losses }: Report): string | undefined {
  if (!losses) return undefined;
  const percent = Number((100 * losses.largestSpread).toPrecision(2));
  return `After the first epoch the training losses of the ${losses.contenders} CNNs lie within ${percent} % of one another.`;
}

/** A peer's training by the harness's clock and by its own. */
export function peerClocksSentence(clocks: PeerClocks): string {
  const { seed, trainSeconds, ownSeconds, betweenShare } = clocks;
  return `${contenderTitle(clocks)}, seed ${seed}: trained ${formatSeconds(trainSeconds)} by the harness's clock, ${formatSeconds(ownSeconds)} by its own (${formatNumber(100 * betweenShare, 1)} % between).`;
}
