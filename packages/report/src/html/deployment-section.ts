import {
  deploymentOf,
  deploymentSentence,
  deploymentTable,
  describeInterval,
  environmentsSentence,
  environmentsTable,
} from '../deployment-table';
import { formatNumber } from '../format-number';
import type { Report, ReportedContender } from '../report';
import { figureTable } from './chart-figure';
import { html, type Markup } from './markup';

/** Sizes, cold start, memory and where it runs, and a card for each contender; nothing where none was asked for. */
export function deploymentSection(report: Report): Markup | undefined {
  const table = deploymentTable(report);
  if (table.rows.length === 0) return undefined;
  const title = 'Deployment';
  return html`<section><h2>${title}</h2><p>${deploymentSentence(report)}</p>${figureTable(table, title)}${environments(report)}${report.contenders.map(card)}</section>`;
}

function environments(report: Report): Markup | undefined {
  const table = environmentsTable(report);
  if (table.rows.length === 0) return undefined;
  return html`<p>${environmentsSentence('the cards below')}</p>${figureTable(table, 'Where it runs')}`;
}

function card(contender: ReportedContender): Markup | undefined {
  const measured = deploymentOf(contender);
  if (!measured) return undefined;
  const { coldStart, install } = measured;
  const parts = html`<p>Of the cold start: import ${describeInterval(coldStart.importSeconds)} s, load ${describeInterval(coldStart.loadSeconds)} s, first answer ${describeInterval(coldStart.firstAnswerSeconds)} s.</p>`;
  return html`<details><summary>${contender.title}</summary>${parts}${install && installed(contender.title, install)}</details>`;
}

type Install = NonNullable<NonNullable<ReturnType<typeof deploymentOf>>['install']>;

function installed(title: string, install: Install): Markup {
  const native =
    install.native &&
    html`<p><code>${install.native.command}</code> brings ${formatNumber(install.native.bytes)} bytes more.</p>`;
  return html`<p>${install.package} on ${install.platform}. These commands leave out what can be, run in the folder above node_modules:</p><pre>${install.commands.join('\n')}</pre>${native ?? undefined}${packages(title, install)}${pruned(title, install)}${support(title, install)}`;
}

function packages(title: string, install: Install): Markup {
  const rows = install.packages.map(({ name, version, bytes }) => [
    name,
    version,
    formatNumber(bytes),
  ]);
  return figureTable({ columns: ['package', 'version', 'bytes'], rows }, `Packages of ${title}`);
}

function pruned(title: string, install: Install): Markup {
  const rows = install.pruned.map(({ platform, bytes }) => [platform, formatNumber(bytes)]);
  return figureTable(
    { columns: ['platform kept', 'bytes once pruned'], rows },
    `Sizes of ${title} by platform`,
  );
}

function support(title: string, install: Install): Markup {
  const rows = install.environments.map(
    ({ environment, runs, why, source }) =>
      html`<tr><th scope="row">${environment}</th><td class="words">${runs}</td><td class="words sentence">${why}</td><td class="words">${linked(source)}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Where ${title} runs"><table>
<thead><tr>${['where', 'runs', 'why', 'source'].map((column) => html`<th scope="col" class="words">${column}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

/** An address as a link, anything else as it is. */
function linked(source: string): Markup | string {
  if (!source.startsWith('https://')) return source;
  const { hostname, pathname } = new URL(source);
  return html`<a href="${source}">${hostname}${pathname}</a>`;
}
