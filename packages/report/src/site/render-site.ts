import { counted } from '@dlcmp/contract';
import { html, type Markup } from '../html/markup';
import { page } from '../html/page';
import { contenderPage } from './contender-page';
import { entryFault } from './entry-fault';
import { machinePage, studyAnswer } from './machine-page';
import { SITE_SCRIPT } from './price-script';
import {
  contenderPages,
  dateOf,
  type MachineStudy,
  machinePages,
  type SiteEntry,
  type SitePage,
} from './site-studies';

/** An entry that can't stand beside others. */
export interface RefusedEntry {
  readonly directory: string;
  readonly reason: string;
}

export interface Site {
  /** Content by file name; they link to one another and need no server. */
  readonly pages: ReadonlyMap<string, string>;
  readonly refused: readonly RefusedEntry[];
}

/**
 * Static pages over many machines and dates: per machine its answers and costs, per contender its history.
 *
 * @param unread entries that could not be read, to be named with the refused ones
 */
export async function renderSite(
  entries: readonly SiteEntry[],
  unread: readonly RefusedEntry[] = [],
): Promise<Site> {
  const faults = entries.flatMap(({ directory, results }) => {
    const reason = entryFault(results);
    return reason === undefined ? [] : [{ directory, reason }];
  });
  const refused = [...unread, ...faults];
  const sound = entries.filter(
    ({ directory }) => !faults.some((fault) => fault.directory === directory),
  );
  const machines = machinePages(sound);
  const contenders = contenderPages(machines);
  const pages = new Map([
    ['index.html', page('Benchmarks', indexPage(machines, contenders, refused), SITE_SCRIPT)],
  ]);
  for (const each of machines) {
    pages.set(each.file, page(each.title, machinePage(each), SITE_SCRIPT));
  }
  for (const each of contenders) {
    pages.set(each.file, page(each.title, await contenderPage(each), SITE_SCRIPT));
  }
  return { pages, refused };
}

function indexPage(
  machines: readonly SitePage[],
  contenders: readonly SitePage[],
  refused: readonly RefusedEntry[],
): Markup {
  return html`<header><h1>Image classification, ${counted(machines.length, 'machine')}</h1>
<p class="subtitle">Each machine has an answer of its own: contenders are never ranked across machines.</p></header>
<main>
${refusals(refused)}
${machines.map(machineSection)}
<section><h2>Contenders over time</h2><ul>${contenders.map(({ file, title }) => html`<li><a href="${file}">${title}</a></li>`)}</ul></section>
</main>
<footer>Drawn by dlcmp.</footer>`;
}

function machineSection({ file, title, studies }: SitePage): Markup {
  const [latest] = studies as [MachineStudy];
  return html`<section><h2><a href="${file}">${title}</a></h2>
<p class="subtitle">${counted(studies.length, 'study', 'studies')}; the latest of ${dateOf(latest)} UTC, ${latest.report.datasetName}</p>
${studyAnswer(latest.report)}</section>`;
}

function refusals(refused: readonly RefusedEntry[]): Markup | undefined {
  if (refused.length === 0) return undefined;
  return html`<section class="warnings"><h2>Not shown</h2><ul>${refused.map(
    ({ directory, reason }) => html`<li>${directory}: ${reason}.</li>`,
  )}</ul></section>`;
}
