import { printableName } from '@dlcmp/contract';
import { characterWidth, FONT_SIZE } from './chart-style';
import { confusionCounts, MOST_CONFUSED_CLASSES } from './confusion-counts';
import {
  heatColor,
  MUTED_STYLE,
  type PictureSvg,
  pictureSvg,
  svgText,
  TITLE_STYLE,
} from './picture-svg';
import type { Report, ReportedContender } from './report';

const MARGIN = 20;
const CELL = 46;
const LONGEST_NAME = 18;
const TITLE_HEIGHT = 28;
const GAP = 36;
/** Half of the blue at most, so that figures stay legible. */
const DEEPEST = 0.55;

/** The confusion matrix of every contender, one under the other; nothing without any or with too many classes. */
export function confusionPicture(report: Report): PictureSvg | undefined {
  const { classNames } = report;
  const contenders = report.contenders.filter(({ completed }) => completed.length > 0);
  if (contenders.length === 0 || classNames.length > MOST_CONFUSED_CLASSES) return undefined;
  const names = classNames.map((name) => printableName(name, LONGEST_NAME));
  const nameWidth = Math.max(...names.map(textWidth)) + 12;
  const matrixHeight = TITLE_HEIGHT + nameWidth + classNames.length * CELL;
  const titleWidth = Math.max(...contenders.map((one) => textWidth(one.title) * 1.3));
  const width = 2 * MARGIN + Math.max(460, titleWidth, nameWidth + classNames.length * CELL);
  const height = MARGIN + contenders.length * (matrixHeight + GAP) + MARGIN;
  const parts = contenders.flatMap((contender, i) =>
    matrix(contender, names, { nameWidth, top: MARGIN + i * (matrixHeight + GAP) }),
  );
  const note = `Rows are true classes, columns predicted ones; test images${report.hasSpread ? ', all seeds added up' : ''}.`;
  return pictureSvg(width, height, [...parts, svgText(note, MARGIN, height - MARGIN, MUTED_STYLE)]);
}

function matrix(
  contender: ReportedContender,
  names: readonly string[],
  { nameWidth, top }: { readonly nameWidth: number; readonly top: number },
): string[] {
  const left = MARGIN + nameWidth;
  const firstRow = top + TITLE_HEIGHT + nameWidth;
  const counts = confusionCounts(contender, names);
  return [
    svgText(contender.title, MARGIN, top + 14, TITLE_STYLE),
    ...names.map((name, column) => {
      const x = left + (column + 0.5) * CELL + 4;
      const y = firstRow - 8;
      return svgText(name, x, y, `transform="rotate(-90 ${x} ${y})"`);
    }),
    ...names.map((name, row) =>
      svgText(name, left - 8, firstRow + (row + 0.5) * CELL + 4, 'text-anchor="end"'),
    ),
    ...counts.flatMap((row, index) => cells(row, left, firstRow + index * CELL)),
  ];
}

function cells(row: readonly number[], left: number, y: number): string[] {
  const total = Math.max(
    1,
    row.reduce((sum, count) => sum + count, 0),
  );
  return row.flatMap((count, column) => {
    const x = left + column * CELL;
    const fill = heatColor((count / total) * DEEPEST);
    return [
      `<rect x="${x}" y="${y}" width="${CELL - 2}" height="${CELL - 2}" fill="${fill}"/>`,
      svgText(String(count), x + CELL / 2 - 1, y + CELL / 2 + 4, 'text-anchor="middle"'),
    ];
  });
}

function textWidth(text: string): number {
  return text.length * characterWidth(FONT_SIZE.label);
}
