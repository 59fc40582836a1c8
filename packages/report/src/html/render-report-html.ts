import type { BenchResults } from '@dlcmp/bench-core/results';
import { type Answer, answerOf } from '../answer';
import { reportCharts } from '../charts';
import { describeDataset, describeMachine } from '../run-facts';
import { chartFigure } from './chart-figure';
import { comparisonsSection } from './comparisons-section';
import { confusionMatrices } from './confusion-matrices';
import { factsSection, remarksSection, warningsSection } from './facts-section';
import { gallerySection } from './gallery-section';
import { type ImportanceMap, importanceSection } from './importance-section';
import { html, type Markup } from './markup';
import { costSection, inferenceSection } from './measured-tables';
import { nodeAgainstPythonSection } from './node-against-python-section';
import { page } from './page';
import { resultsTable } from './results-table';
import { timeToAccuracySection } from './time-to-accuracy-section';

/** What a report shows that results don't hold. */
export interface ReportExtras {
  /** PNG or JPEG files of the images of `selectGalleryImages`, by `relativePath`. */
  readonly thumbnails?: ReadonlyMap<string, Buffer>;
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
  results: BenchResults,
  { thumbnails = new Map(), importanceMaps = [] }: ReportExtras = {},
): Promise<string> {
  const title = `Image classification on data set ${results.dataset.name}`;
  const figures: Markup[] = [];
  for (const chart of reportCharts(results)) figures.push(await chartFigure(chart));
  const content = html`<header><h1>${title}</h1>
<p class="subtitle">${describeDataset(results)}. ${describeMachine(results)}.</p>
${answerBox(answerOf(results))}</header>
<main>
${warningsSection(results)}
<section><h2>Results</h2>${resultsTable(results)}</section>
${timeToAccuracySection(results)}
${nodeAgainstPythonSection(results)}
<section><h2>Charts</h2><div class="grid">${figures}</div></section>
${inferenceSection(results)}
${costSection(results)}
${confusionMatrices(results)}
${gallerySection(results, thumbnails)}
${importanceSection(importanceMaps)}
${comparisonsSection(results)}
${remarksSection(results)}
${factsSection(results)}
</main>
<footer>${rawResults(results)}</footer>`;
  return page(title, content);
}

function answerBox({ headline, margins, evidence }: Answer): Markup {
  const items = (sentences: readonly string[]) =>
    html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
  return html`<div class="answer"><p>${headline}</p>${margins.length > 0 ? items(margins) : undefined}${
    evidence.length > 0
      ? html`<details><summary>Every comparison in words</summary>${items(evidence)}</details>`
      : undefined
  }</div>`;
}

function rawResults(results: BenchResults): Markup {
  const raw = Buffer.from(JSON.stringify(results));
  if (raw.length > LARGEST_RAW_BYTES) {
    return html`<p>The raw results are too large to stand in this page: see results.json beside it.</p>`;
  }
  return html`<p><a download="results.json" href="data:application/json;base64,${raw.toString('base64')}">Download the raw results</a> (results.json, ${Math.ceil(raw.length / 1024)} KiB). Drawn by dlcmp.</p>`;
}
