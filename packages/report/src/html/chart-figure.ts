import { PALETTE } from '../chart-style';
import type { ChartTable, LegendEntry, ReportChart } from '../charts/report-chart';
import { symbolPath } from '../charts/symbols';
import { embedChart } from './embed-chart';
import { html, type Markup } from './markup';

/** A chart with title, legend, explanation and its figures as a table. */
export async function chartFigure(chart: ReportChart): Promise<Markup> {
  return html`<figure class="card" id="${chart.id}">
<h3 id="${chart.id}-title">${chart.title}</h3>
${legend(chart.legend)}
${await embedChart(chart)}
<figcaption id="${chart.id}-text">${chart.description}</figcaption>
<details><summary>Figures of “${chart.title}”</summary>${figureTable(chart.table, chart.title)}</details>
</figure>`;
}

function legend(entries: readonly LegendEntry[]): Markup | undefined {
  if (entries.length === 0) return undefined;
  const items = entries.map(
    (entry) =>
      html`<li><svg class="mark" viewBox="0 0 12 12" aria-hidden="true"><path class="series-${entry.index % PALETTE.length}" d="${symbolPath(entry)}"/></svg>${entry.name}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

/** A word of four letters or two words in a row: `12 to 14` and `3.1 ms` are figures. */
const HAS_WORDS = /\p{L}{2,}[\s,]+\p{L}{2,}|\p{L}{4,}/u;

/** The heading of a column of figures, whatever stands in place of one: `install (MiB)`. */
const HAS_UNIT = /\((?:MiB|KiB|bytes|s|ms|1\/s|%)[ )]/;

/** Rows whose first cell names them. Columns of figures are set to the right, columns with words (`yes` alone is one) to the left. */
export function figureTable({ columns, rows }: ChartTable, caption: string): Markup {
  const isOfWords = columns.map(
    (column, at) => !HAS_UNIT.test(column) && rows.some((cells) => isWords(cells[at] ?? '')),
  );
  const side = (at: number) => (isOfWords[at] ? html` class="words"` : undefined);
  const row = ([name = '', ...cells]: readonly string[]) =>
    html`<tr><th scope="row">${name}</th>${cells.map((cell, at) => html`<td${side(at + 1)}>${cell}</td>`)}</tr>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<thead><tr>${columns.map((column, at) => html`<th scope="col"${side(at)}>${column}</th>`)}</tr></thead>
<tbody>${rows.map(row)}</tbody></table></div>`;
}

function isWords(cell: string): boolean {
  return HAS_WORDS.test(cell) || (/\p{L}/u.test(cell) && !/\d/.test(cell));
}
