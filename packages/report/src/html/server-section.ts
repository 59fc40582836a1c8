import type { Report } from '../report';
import { serverSentence, serverTable } from '../server-table';
import { figureTable } from './chart-figure';
import { html, type Markup } from './markup';

/** Behind a server; nothing where none was asked for. */
export function serverSection(report: Report): Markup | undefined {
  const table = serverTable(report);
  if (table.rows.length === 0) return undefined;
  const title = 'Behind a server';
  return html`<section><h2>${title}</h2><p>${serverSentence(report)}</p>${figureTable(table, title)}</section>`;
}
