import {
  incompleteSeeds,
  METRICS,
  type MetricId,
  metricTitle,
  outcomeWithoutFigures,
  type RunMetrics,
} from '@dlcmp/bench-core/results';
import { formatFigure, formatNumber } from '../format-number';
import type { Report, ReportedContender } from '../report';
import { html, type Markup } from './markup';

const COLUMNS = Object.keys(METRICS) as MetricId[];

/** Every metric of every contender; each column can be sorted by. */
export function resultsTable({
  contenders,
  metrics,
  hasSpread,
}: Pick<Report, 'contenders' | 'metrics' | 'hasSpread'>): Markup {
  const rows = contenders.map(
    (contender) =>
      html`<tr>${nameCell(contender)}${COLUMNS.map((id) => figureCell(contender, id, metrics))}</tr>`,
  );
  const spread = hasSpread
    ? 'Mean over seeds ± half-width of the 95% t-interval; CV is the coefficient of variation, standard deviation over mean. '
    : '';
  return html`<figure class="results"><div class="scroll" tabindex="0" role="region" aria-label="Results table"><table class="sortable">
<thead><tr>${header('Framework')}${COLUMNS.map((id) => header(metricTitle(metrics[id])))}</tr></thead>
<tbody>${rows}</tbody></table></div>
<figcaption>${spread}A column’s title sorts by it.</figcaption></figure>`;
}

function header(title: string): Markup {
  return html`<th scope="col" aria-sort="none"><button type="button">${title}<span class="arrow" aria-hidden="true"></span></button></th>`;
}

function nameCell(contender: ReportedContender): Markup {
  const seeds = incompleteSeeds(contender);
  const { title: name } = contender;
  return html`<th scope="row" data-value="${name}">${name}${seeds && html` <small>${seeds}</small>`}</th>`;
}

function figureCell(contender: ReportedContender, id: MetricId, metrics: RunMetrics): Markup {
  if (!contender.figures) {
    return html`<td class="failure" data-value="">${outcomeWithoutFigures(contender)}</td>`;
  }
  const { mean, halfWidth, variation } = contender.figures[id];
  const spread = [
    ...(halfWidth === null ? [] : [`± ${formatFigure(halfWidth, metrics[id], mean)}`]),
    ...(variation === null ? [] : [`CV ${formatNumber(variation * 100, 1)} %`]),
  ].map((line) => html` <small>${line}</small>`);
  return html`<td data-value="${mean}">${formatFigure(mean, metrics[id])}${spread}</td>`;
}
