import { printableName } from '@dlcmp/contract';
import { stringify } from 'csv-stringify/sync';

/** One classified image. */
export interface Prediction {
  readonly path: string;
  readonly className: string;
  /** Of `className`, 0–1. */
  readonly probability: number;
  /** Of every class, in the model's order. */
  readonly probabilities: readonly number[];
}

type Format = (predictions: readonly Prediction[], classNames: readonly string[]) => string;

export type PredictionFormat = 'table' | 'csv' | 'json';

/** The ways `dlcmp predict` prints. */
export const PREDICTION_FORMATS: Readonly<Record<PredictionFormat, Format>> = {
  table: renderTable,
  csv: renderCsv,
  json: renderJson,
};

/** A longer path stands whole, and no other row is padded for it. */
const LONGEST_PADDING = 60;
const LONGEST_CLASS = 32;

function renderTable(predictions: readonly Prediction[]): string {
  const shown = predictions.map(({ path, className, probability }) => ({
    path: printableName(path),
    className: printableName(className, LONGEST_CLASS),
    probability: `${(probability * 100).toFixed(1)} %`,
  }));
  const widest = (names: readonly string[]) => Math.max(5, ...names.map((name) => name.length));
  const pathWidth = Math.min(LONGEST_PADDING, widest(shown.map(({ path }) => path)));
  const classWidth = widest(shown.map(({ className }) => className));
  const line = (path: string, className: string, probability: string) =>
    `${path.padEnd(pathWidth)}  ${className.padEnd(classWidth)}  ${probability.padStart(11)}\n`;
  const rows = shown.map(({ path, className, probability }) => line(path, className, probability));
  return line('image', 'class', 'probability') + rows.join('');
}

/** A cell that a spreadsheet would run as a formula gets an apostrophe before it. */
function renderCsv(predictions: readonly Prediction[], classNames: readonly string[]): string {
  const header = ['image', 'class', 'probability', ...classNames];
  const rows = predictions.map(({ path, className, probability, probabilities }) => [
    path,
    className,
    probability,
    ...probabilities,
  ]);
  return stringify([header, ...rows], { escape_formulas: true });
}

function renderJson(predictions: readonly Prediction[], classNames: readonly string[]): string {
  const images = predictions.map(({ probabilities, ...rest }) => ({
    ...rest,
    probabilities: Object.fromEntries(
      classNames.map((name, label) => [name, probabilities[label]]),
    ),
  }));
  return `${JSON.stringify(images, null, 2)}\n`;
}
