import {
  firstEpochSentence,
  nodeAgainstPythonTable,
  peerClocksSentence,
} from '../node-against-python-words';
import type { Report } from '../report';
import { figureTable } from './chart-figure';
import { html, type Markup } from './markup';

/** Each framework in Node.js against each in Python of its family; nothing where no peer ran. */
export function nodeAgainstPythonSection(report: Report): Markup | undefined {
  const { peerClocks: clocks } = report;
  const table = nodeAgainstPythonTable(report);
  if (clocks.length + table.rows.length === 0) return undefined;
  const losses = firstEpochSentence(report);
  const sentences = [...(losses ? [losses] : []), ...clocks.map(peerClocksSentence)];
  const title = table.rows.length === 0 ? 'Peers' : 'Node.js against Python';
  const ratios =
    table.rows.length === 0
      ? undefined
      : html`<p>The time of the first over that of the second, paired by seed: below 1, Node.js took less. In brackets the 95% interval over seeds; a single seed has none.</p>${figureTable(table, title)}`;
  return html`<section><h2>${title}</h2>${ratios}
<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul></section>`;
}
