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

function renderTable(predictions: readonly Prediction[]): string {
  const pathWidth = Math.max(5, ...predictions.map(({ path }) => path.length));
  const classWidth = Math.max(5, ...predictions.map(({ className }) => className.length));
  const line = (path: string, className: string, probability: string) =>
    `${path.padEnd(pathWidth)}  ${className.padEnd(classWidth)}  ${probability.padStart(11)}\n`;
  const rows = predictions.map(({ path, className, probability }) =>
    line(path, className, `${(probability * 100).toFixed(1)} %`),
  );
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
