import { confusionCounts, MOST_CONFUSED_CLASSES } from '../confusion-counts';
import type { Report, ReportedContender } from '../report';
import { html, type Markup } from './markup';

const SHADES = 10;

/** What was taken for what: one table a contender, its seeds added up. */
export function confusionMatrices(report: Report): Markup | undefined {
  const { classNames, hasSpread } = report;
  const contenders = report.contenders.filter(({ completed }) => completed.length > 0);
  if (contenders.length === 0 || classNames.length > MOST_CONFUSED_CLASSES) return undefined;
  return html`<section><h2>Confusion matrices</h2>
<p>Rows are true classes, columns predicted ones; counts of test images${hasSpread ? ', all seeds added up' : ''}. The darker, the larger the share of its row.</p>
<div class="grid">${contenders.map((contender) => matrix(contender, classNames))}</div></section>`;
}

function matrix(contender: ReportedContender, classNames: readonly string[]): Markup {
  const counts = confusionCounts(contender, classNames);
  const { title } = contender;
  return html`<figure class="card"><h3>${title}</h3><div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix of ${title}"><table class="confusion">
<thead><tr><td></td>${classNames.map((name) => html`<th scope="col"><span>${name}</span></th>`)}</tr></thead>
<tbody>${classNames.map((name, row) => html`<tr><th scope="row">${name}</th>${cells(counts[row]!)}</tr>`)}</tbody></table></div></figure>`;
}

function cells(counts: readonly number[]): Markup[] {
  const total = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  return counts.map(
    (count) => html`<td class="heat-${Math.round((count / total) * SHADES)}">${count}</td>`,
  );
}
