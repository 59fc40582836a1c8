import type { Report } from '../report';
import { soakSentence, soakTable } from '../soak-table';
import { figureTable } from './chart-figure';
import { html, type Markup } from './markup';

/** Memory over many requests; nothing where no soak was asked for. */
export function soakSection(report: Report): Markup | undefined {
  const table = soakTable(report);
  if (table.rows.length === 0) return undefined;
  const title = 'Memory over many requests';
  return html`<section><h2>${title}</h2><p>${soakSentence(report)}</p>${figureTable(table, title)}</section>`;
}
