import {
  type BenchResults,
  groupByContender,
  summariseTimeToAccuracy,
} from '@dlcmp/bench-core/results';
import { contenderTitle } from '../charts/report-chart';
import { formatNumber } from '../format-number';
import { figureTable } from './chart-figure';
import { html, type Markup } from './markup';

/** When each contender first reached the accuracy asked for; nothing where none was. */
export function timeToAccuracySection(results: BenchResults): Markup | undefined {
  const target = results.configuration.targetAccuracy;
  if (target === undefined) return undefined;
  const rows = groupByContender(results).map((contender) => {
    const summary = summariseTimeToAccuracy(contender.completed);
    const seconds = summary?.medianTrainSeconds ?? null;
    return [
      contenderTitle(contender),
      seconds === null ? 'not reached' : formatNumber(seconds, 2),
      `${summary?.reachedSeeds ?? 0} of ${summary?.seeds ?? 0}`,
    ];
  });
  const title = `Time to ${formatNumber(target * 100, 1)} % test accuracy`;
  const columns = ['framework', 'median training time (s)', 'seeds that reached it'];
  return html`<section><h2>${title}</h2><p>Evaluation between epochs is left out; a seed that misses the target counts as infinite.</p>${figureTable({ columns, rows }, title)}</section>`;
}
