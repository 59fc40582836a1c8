import { metricTitle } from '@dlcmp/bench-core/results';
import { formatFigure } from '../format-number';
import { html, type Markup } from '../html/markup';
import type { Report, ReportedContender } from '../report';
import { describeDataset, describeOneMachine, describeTraining } from '../run-facts';
import { dateOf, type MachineStudy, type SitePage } from './site-studies';

/** One machine: of each study its answer, and what it costs at the price of an hour. */
export function machinePage({ title, studies }: SitePage): Markup {
  const [latest] = studies as [MachineStudy];
  return html`<header><p><a href="index.html">All machines</a></p><h1>${title}</h1>
<p class="subtitle">${describeOneMachine(latest.machine, latest.report.results)}</p></header>
<main>
<p class="pricing"><label for="price">Price of an hour of this machine</label>
<input class="price" id="price" type="number" min="0" step="any" inputmode="decimal"></p>
${studies.map(studySection)}
</main>`;
}

function studySection(study: MachineStudy): Markup {
  const { report, directory } = study;
  return html`<section><h2>${report.datasetName}, ${dateOf(study)} UTC</h2>
<p class="subtitle">${describeDataset(report.results)}. ${describeTraining(report.results)}. From ${directory}.</p>
${studyAnswer(report)}
${costTable(report, `Costs, ${report.datasetName}, ${dateOf(study)}, ${directory}`)}</section>`;
}

/** The sentence to take home of one study on one machine. */
export function studyAnswer({ answer: { headline, conclusion } }: Report): Markup {
  return html`<div class="answer"><p>${headline}</p>${conclusion && html`<ul><li>${conclusion}</li></ul>`}</div>`;
}

const FIGURES = ['accuracyPercent', 'trainSeconds', 'inferenceImagesPerSecond'] as const;

/** @param label tells the page's tables apart, for who cannot see them */
function costTable(report: Report, label: string): Markup {
  const rows = report.contenders.filter(({ figures }) => figures);
  const costs = ['Framework', 'Cost to its accuracy', 'Cost of a million images'];
  const names = [...costs, ...FIGURES.map((id) => metricTitle(report.metrics[id]))];
  const header = names.map((name) => html`<th scope="col">${name}</th>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr>${header}</tr></thead><tbody>${rows.map((row) => costRow(row, report))}</tbody></table></div>`;
}

function costRow(contender: ReportedContender, { metrics }: Report): Markup {
  const figures = contender.figures!;
  const { accuracyPercent, inferenceImagesPerSecond } = figures;
  const training = toAccuracy(contender);
  const cells = FIGURES.map((id) => html`<td>${formatFigure(figures[id].mean, metrics[id])}</td>`);
  return html`<tr><th scope="row">${contender.title}<small>cost to ${training.accuracy ?? `${accuracyPercent.mean.toFixed(1)} %`}</small></th>
<td data-seconds="${training.seconds}">–</td><td data-seconds="${1e6 / inferenceImagesPerSecond.mean}">–</td>${cells}</tr>`;
}

/** Until the target that was asked for, where all seeds reached it; else all of training. */
function toAccuracy({ completed }: ReportedContender): {
  readonly seconds: number;
  readonly accuracy?: string;
} {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const reached = completed.flatMap(({ timeToAccuracy }) => timeToAccuracy?.trainSeconds ?? []);
  const target = completed[0]?.timeToAccuracy?.target;
  if (target === undefined || reached.length < completed.length) {
    return { seconds: mean(completed.map(({ trainSeconds }) => trainSeconds)) };
  }
  return { seconds: mean(reached), accuracy: `${(target * 100).toFixed(1)} %` };
}
