import type { ClassQuality, Quality } from '@dlcmp/bench-core/results';
import { printableName } from '@dlcmp/contract';

type Scores = Pick<ClassQuality, 'precision' | 'recall' | 'f1'>;

const COLUMN_TITLES = ['precision', 'recall', 'f1-score', 'support'];
const COLUMN_WIDTH = 9;
/** So that no line is longer than 80 characters; longer names are cut. */
const LONGEST_NAME = 39;

/**
 * Precision, recall and F1 of every class with their averages, laid out to the character as
 * scikit-learn's `classification_report` with its default two digits; names longer than 39 characters are
 * cut.
 */
export function renderClassificationReport({ perClass, accuracy }: Quality): string {
  const support = perClass.reduce((sum, quality) => sum + quality.support, 0);
  const macro = average(perClass, () => 1 / perClass.length);
  const weighted = average(perClass, (quality) => quality.support / support);
  const names = perClass.map(({ className }) => printableName(className, LONGEST_NAME));
  const nameWidth = Math.max(...['weighted avg', ...names].map((name) => [...name].length));
  const line = (name: string, cells: readonly string[]) =>
    `${' '.repeat(nameWidth - [...name].length)}${name} ${cells.map((cell) => ` ${cell.padStart(COLUMN_WIDTH)}`).join('')}`;
  const lines = [
    line('', COLUMN_TITLES),
    '',
    ...perClass.map((quality, i) => line(names[i]!, scoreCells(quality, quality.support))),
    '',
    line('accuracy', ['', '', twoDigits(accuracy), String(support)]),
    line('macro avg', scoreCells(macro, support)),
    line('weighted avg', scoreCells(weighted, support)),
    '',
  ];
  return lines.join('\n');
}

function average(
  perClass: readonly ClassQuality[],
  weight: (quality: ClassQuality) => number,
): Scores {
  const over = (score: keyof Scores) =>
    perClass.reduce((sum, quality) => sum + weight(quality) * quality[score], 0);
  return { precision: over('precision'), recall: over('recall'), f1: over('f1') };
}

function scoreCells({ precision, recall, f1 }: Scores, support: number): string[] {
  return [twoDigits(precision), twoDigits(recall), twoDigits(f1), String(support)];
}

/** Python rounds an exact tie (odd eighths) to the even digit, `toFixed` rounds it up. */
function twoDigits(value: number): string {
  const isTie = (value * 8) % 2 === 1;
  return (isTie ? Math.round(value * 50) / 50 : value).toFixed(2);
}
