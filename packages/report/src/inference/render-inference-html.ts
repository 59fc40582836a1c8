import type { InferenceResults, InferredModel } from '@dlcmp/bench-core/results';
import { counted, type ImageModel } from '@dlcmp/contract';
import { figureTable } from '../html/chart-figure';
import { html, type Markup } from '../html/markup';
import { page } from '../html/page';
import {
  INFERENCE_COLUMNS,
  inferenceRow,
  inferenceSentences,
  significant,
} from './inference-words';

/** `infer.html`: trained models in every runtime, as one file that needs no network. */
export function renderInferenceHtml(results: InferenceResults): string {
  const { models, runs, configuration, machine } = results;
  const [first = '', ...others] = inferenceSentences(results);
  const title = `${models.map(({ path }) => path).join(', ')} in every runtime`;
  const rows = { columns: INFERENCE_COLUMNS, rows: runs.map(inferenceRow) };
  return page(
    title,
    html`<header><h1>${title}</h1>
<p class="subtitle">${counted(configuration.images, 'image')}, ${counted(configuration.threads, 'thread')}, ${timing(configuration.repeats)}. ${machine.cpuModel}, ${machine.os}, Node.js ${machine.nodeVersion}.</p>
<div class="answer"><p>${first}</p><ul>${others.map((sentence) => html`<li>${sentence}</li>`)}</ul></div></header>
<main>
<section><h2>Runs</h2>
<p>Differences are of probabilities, against the first run. Times and memory are medians over processes; Python's hold the way of pixels through a pipe.</p>${figureTable(rows, 'Runs')}</section>
${comparisonsOf(results)}
<section><h2>How each model takes its images</h2>${models.map(descriptionOf)}</section>
</main>
<footer><p>The same figures are in infer.json beside this page. Drawn by dlcmp.</p></footer>`,
  );
}

function comparisonsOf({ comparisons }: InferenceResults): Markup | undefined {
  if (comparisons.length === 0) return undefined;
  const rows = comparisons.map(({ left, right, figure, ratio, correctedPValue, winner }) => [
    `${left} – ${right}`,
    figure,
    `×${significant(ratio.ratio, 3)}`,
    ratio.low === null
      ? '–'
      : `×${significant(ratio.low, 3)} to ×${significant(ratio.high as number, 3)}`,
    correctedPValue === null ? '–' : significant(correctedPValue, 2),
    winner === null ? 'undecided' : `${winner === 'left' ? left : right} takes less`,
  ]);
  const columns = ['pair', 'figure', 'first to second', '95% interval', 'p of chance', 'verdict'];
  return html`<section><h2>Comparisons</h2>
<p>Ratios of times are geometric means, paired by round; p is the paired t-test's, corrected over all pairs of a figure.</p>${figureTable({ columns, rows }, 'Comparisons')}</section>`;
}

function descriptionOf({
  path,
  format,
  precision,
  fileBytes,
  description,
  sources,
}: InferredModel): Markup {
  const heading = html`<h3>${path}</h3><p>${format}, ${precision}, ${significant(fileBytes / 2 ** 20, 3)} MiB</p>`;
  if (!description) return html`${heading}<p>No runtime opened it.</p>`;
  const rows = Object.entries(description).map(([field, value]) => [
    field,
    wordsOf(field as keyof ImageModel, value),
    sources?.[field as keyof ImageModel] ?? '',
  ]);
  return html`${heading}${figureTable({ columns: ['field', 'value', 'found in'], rows }, path)}`;
}

function timing(repeats: number): string {
  if (repeats === 0) return 'nothing timed';
  return `${counted(repeats, 'process', 'processes')} a run`;
}

const MOST_NAMES = 12;

function wordsOf(field: keyof ImageModel, value: unknown): string {
  if (field === 'classNames') return namesOf(value as readonly string[]);
  return typeof value === 'object' && value !== null ? fieldsOf(value) : String(value);
}

/** `scale 0.00392, mean 0.485, 0.456, 0.406` */
function fieldsOf(value: object): string {
  return Object.entries(value)
    .map(([name, part]) => `${wordsOfName(name)} ${[part].flat().join(', ')}`)
    .join('; ');
}

/** `standardDeviation` → `standard deviation` */
function wordsOfName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function namesOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
