import {
  type BenchResults,
  type Contender,
  coefficientOfVariation,
  groupByContender,
  incompleteSeeds,
  METRICS,
  type MetricDefinition,
  meanInterval,
  metricTitle,
  outcomeWithoutFigures,
} from '@dlcmp/bench-core/results';
import { contenderTitle } from '../charts/report-chart';
import { formatNumber } from '../format-number';
import { html, type Markup } from './markup';

const COLUMNS: readonly MetricDefinition[] = Object.values(METRICS);

/** Every metric of every contender; each column can be sorted by. */
export function resultsTable(results: BenchResults): Markup {
  const rows = groupByContender(results).map(
    (contender) =>
      html`<tr>${nameCell(contender)}${COLUMNS.map((metric) => figureCell(contender, metric))}</tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Results table"><table class="sortable">
<caption>Mean over seeds ± half-width of the 95% t-interval; CV is the coefficient of variation, standard deviation over mean. A column’s title sorts by it.</caption>
<thead><tr>${header('Framework')}${COLUMNS.map((metric) => header(metricTitle(metric)))}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function header(title: string): Markup {
  return html`<th scope="col" aria-sort="none"><button type="button">${title}<span class="arrow" aria-hidden="true"></span></button></th>`;
}

function nameCell(contender: Contender): Markup {
  const seeds = incompleteSeeds(contender);
  const name = contenderTitle(contender);
  return html`<th scope="row" data-value="${name}">${name}${seeds && html` <small>${seeds}</small>`}</th>`;
}

function figureCell(contender: Contender, metric: MetricDefinition): Markup {
  const values = contender.completed.map(metric.value);
  if (values.length === 0) {
    return html`<td class="failure" data-value="">${outcomeWithoutFigures(contender)}</td>`;
  }
  const { mean, halfWidth } = meanInterval(values);
  const variation = coefficientOfVariation(values);
  const spread = [
    ...(halfWidth === null ? [] : [`± ${formatNumber(halfWidth, metric.digits)}`]),
    ...(variation === null ? [] : [`CV ${formatNumber(variation * 100, 1)} %`]),
  ].map((line) => html` <small>${line}</small>`);
  return html`<td data-value="${mean}">${formatNumber(mean, metric.digits)}${spread}</td>`;
}
