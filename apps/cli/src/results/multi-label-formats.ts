import { printableName } from '@dlcmp/contract';
import { stringify } from 'csv-stringify/sync';
import type { PredictionFormat } from './prediction-formats';

/** An image of which any number of labels may be right. */
export interface LabelledImage {
  readonly path: string;
  /** Of every label, in the model's order, 0–1. */
  readonly probabilities: readonly number[];
  /** Those at least as probable as not, most probable first. */
  readonly labels: readonly { readonly name: string; readonly probability: number }[];
}

/** A label that is at least so probable is given. */
const THRESHOLD = 0.5;

/** @param parts row-major [images × labels], one behind the other */
export function toLabelledImages(
  paths: readonly string[],
  parts: readonly Float32Array[],
  names: readonly string[],
): LabelledImage[] {
  const rows = parts.flatMap((part) =>
    Array.from({ length: part.length / names.length }, (_, row) =>
      Array.from(part.subarray(row * names.length, (row + 1) * names.length)),
    ),
  );
  return rows.map((probabilities, image) => ({
    path: paths[image] as string,
    probabilities,
    labels: probabilities
      .map((probability, label) => ({ name: names[label] as string, probability }))
      .filter(({ probability }) => probability >= THRESHOLD)
      .sort((left, right) => right.probability - left.probability),
  }));
}

type Format = (images: readonly LabelledImage[], names: readonly string[]) => string;

/** The ways `dlcmp predict` prints labels of which several may be right. */
export const MULTI_LABEL_FORMATS: Readonly<Record<PredictionFormat, Format>> = {
  table: renderTable,
  csv: renderCsv,
  json: renderJson,
};

const LONGEST_PADDING = 60;

function renderTable(images: readonly LabelledImage[]): string {
  const rows = images.map(({ path, labels }) => ({
    path: printableName(path),
    labels: labels.map(
      ({ name, probability }) => `${printableName(name)} ${(probability * 100).toFixed(1)} %`,
    ),
  }));
  const width = Math.min(LONGEST_PADDING, Math.max(5, ...rows.map(({ path }) => path.length)));
  const line = (path: string, labels: string) => `${path.padEnd(width)}  ${labels}\n`;
  const lines = rows.map(({ path, labels }) => line(path, labels.join(', ') || '–'));
  return line('image', 'labels of 50 % and more') + lines.join('');
}

/** A cell that a spreadsheet would run as a formula gets an apostrophe before it. */
function renderCsv(images: readonly LabelledImage[], names: readonly string[]): string {
  const rows = images.map(({ path, labels, probabilities }) => [
    path,
    labels.map(({ name }) => name).join('; '),
    ...probabilities,
  ]);
  return stringify([['image', 'labels', ...names], ...rows], { escape_formulas: true });
}

function renderJson(images: readonly LabelledImage[], names: readonly string[]): string {
  const rows = images.map(({ path, labels, probabilities }) => ({
    path,
    labels: labels.map(({ name }) => name),
    probabilities: Object.fromEntries(names.map((name, label) => [name, probabilities[label]])),
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}
