import type { Answer } from '../answer';
import { reportCharts } from '../charts';
import type { Report } from '../report';
import { describeDataset, describeMachine, reportTitle } from '../run-facts';
import { machineTitle } from '../study-table';
import { chartFigure } from './chart-figure';
import { checksSection } from './checks-section';
import { comparisonsSection } from './comparisons-section';
import { confusionMatrices } from './confusion-matrices';
import { deploymentSection } from './deployment-section';
import { factsSection, remarksSection, warningsSection } from './facts-section';
import { gallerySection } from './gallery-section';
import { type ImportanceMap, importanceSection } from './importance-section';
import { html, type Markup } from './markup';
import { costSection, inferenceSection } from './measured-tables';
import { nodeAgainstPythonSection } from './node-against-python-section';
import { page } from './page';
import { resultsTable } from './results-table';
import { serverSection } from './server-section';
import { soakSection } from './soak-section';
import { timeToAccuracySection } from './time-to-accuracy-section';

/** What a report shows that results don't hold. */
export interface ReportExtras {
  /** PNG or JPEG files of the report's `galleryImages`, by `relativePath`. */
  readonly thumbnails?: ReadonlyMap<string, Uint8Array>;
  /** Of the forests, where they have them. */
  readonly importanceMaps?: readonly ImportanceMap[];
}

/** Larger raw results stay out, so that the page stays under 5 MB. */
const LARGEST_RAW_BYTES = 2_500_000;

/**
 * `report.html`: the whole comparison as one file that needs no network and runs nothing but a
 * small script of its own, whatever names the results hold.
 */
export async function renderReportHtml(
  report: Report,
  { thumbnails = new Map(), importanceMaps = [] }: ReportExtras = {},
): Promise<string> {
  const { results } = report;
  const title = reportTitle(report.datasetName);
  const figures: Markup[] = [];
  for (const chart of reportCharts(report)) figures.push(await chartFigure(chart));
  const content = html`<header><h1>${title}</h1>
<p class="subtitle">${describeDataset(results)}. ${describeMachine(results)}.</p>
${answerBox(report.answer)}</header>
<main>
${warningsSection(report)}
<section><h2>Results</h2>${resultsTables(report)}</section>
${timeToAccuracySection(report)}
${nodeAgainstPythonSection(report)}
<section><h2>Charts</h2>${overMachines(report)}<div class="grid">${figures}</div></section>
${inferenceSection(report)}
${costSection(report)}
${serverSection(report)}
${soakSection(report)}
${deploymentSection(report)}
${confusionMatrices(report)}
${gallerySection(report, thumbnails)}
${importanceSection(importanceMaps)}
${comparisonsSection(report)}
${checksSection(report)}
${remarksSection(report)}
${factsSection(report)}
</main>
<footer>${rawResults(report)}</footer>`;
  return page(title, content);
}

function overMachines({ machines }: Report): Markup | undefined {
  if (machines.length === 0) return undefined;
  return html`<p>Figures are means over all ${machines.length} machines. Comparisons are of contenders on one machine, seed by seed.</p>`;
}

/** Several machines have a table each. */
function resultsTables(report: Report): Markup | readonly Markup[] {
  const { results, machines } = report;
  if (machines.length === 0) return resultsTable(report);
  return machines.map(
    (each) =>
      html`<h3>${machineTitle(each, results)}</h3>${resultsTable({ ...report, contenders: each.contenders })}`,
  );
}

function answerBox({ headline, margins: won, conclusion, evidence }: Answer): Markup {
  const margins = won.length > 0 || !conclusion ? won : [conclusion];
  const items = (sentences: readonly string[]) =>
    html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
  return html`<div class="answer"><p>${headline}</p>${margins.length > 0 ? items(margins) : undefined}${
    evidence.length > 0
      ? html`<details><summary>Every comparison in words</summary>${items(evidence)}</details>`
      : undefined
  }</div>`;
}

function rawResults({ results }: Report): Markup {
  const raw = Buffer.from(JSON.stringify(results));
  if (raw.length > LARGEST_RAW_BYTES) {
    return html`<p>The raw results are too large to stand in this page: see results.json beside it.</p>`;
  }
  return html`<p><a download="results.json" href="data:application/json;base64,${raw.toString('base64')}">Download the raw results</a> (results.json, ${Math.ceil(raw.length / 1024)} KiB). Drawn by dlcmp.</p>`;
}
