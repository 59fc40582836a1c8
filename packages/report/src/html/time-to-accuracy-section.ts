import { formatNumber, formatSeconds } from '../format-number';
import type { Report } from '../report';
import { figureTable } from './chart-figure';
import { html, type Markup } from './markup';

/** When each contender first reached the accuracy asked for; nothing where none was. */
export function timeToAccuracySection({ results, contenders }: Report): Markup | undefined {
  const target = results.configuration.targetAccuracy;
  if (target === undefined) return undefined;
  const rows = contenders.map(({ title, timeToAccuracy }) => {
    const seconds = timeToAccuracy?.medianTrainSeconds ?? null;
    return [
      title,
      seconds === null ? 'not reached' : formatSeconds(seconds),
      `${timeToAccuracy?.reachedSeeds ?? 0} of ${timeToAccuracy?.seeds ?? 0}`,
    ];
  });
  const title = `Time to ${formatNumber(target * 100, 1)} % test accuracy`;
  const columns = ['framework', 'median training time', 'seeds that reached it'];
  return html`<section><h2>${title}</h2><p>Evaluation between epochs is left out; a seed that misses the target counts as infinite.</p>${figureTable({ columns, rows }, title)}</section>`;
}
