import { printableName } from '@dlcmp/contract';
import { COLORS, characterWidth, FONT_SIZE } from './chart-style';
import { FONT_FAMILY } from './fonts';
import { imageDataUri } from './image-data-uri';
import { renderPng } from './render-png';
import { wrapWords } from './wrap-words';

/** Some images of a class. */
export interface SampleGridRow {
  readonly className: string;
  /** PNG or JPEG files; a row may be shorter than the others. */
  readonly images: readonly Uint8Array[];
}

export interface SampleGrid {
  readonly title: string;
  readonly rows: readonly SampleGridRow[];
}

const MARGIN = 32;
const HEADER_HEIGHT = 48;
const CELL = 112;
const GAP = 8;
const NAME_WIDTH = 132;
const NAME_LINE_HEIGHT = 17;

/**
 * Images class by class, one row each, its name before it. Images keep their proportions; what
 * exceeds a square is cut off evenly.
 *
 * @throws `INVALID_ARGUMENT` for an image that is neither PNG nor JPEG
 */
export async function renderSampleGridPng({ title, rows }: SampleGrid): Promise<Uint8Array> {
  const columns = Math.max(1, ...rows.map(({ images }) => images.length));
  const titleWidth = Math.ceil(title.length * characterWidth(FONT_SIZE.title));
  const width = 2 * MARGIN + Math.max(titleWidth, NAME_WIDTH + columns * (CELL + GAP) - GAP);
  const height = 2 * MARGIN + HEADER_HEIGHT + rows.length * (CELL + GAP) - GAP;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${FONT_FAMILY}" fill="${COLORS.text}">`,
    text(
      title,
      MARGIN,
      MARGIN + FONT_SIZE.title,
      `font-size="${FONT_SIZE.title}" font-weight="600"`,
    ),
    ...rows.map(rowSvg),
    '</svg>',
  ];
  return renderPng(svg.join('\n'), { width, height });
}

function rowSvg({ className, images }: SampleGridRow, row: number): string {
  const top = MARGIN + HEADER_HEIGHT + row * (CELL + GAP);
  const lines = wrapWords(
    printableName(className, 40),
    Math.floor((NAME_WIDTH - GAP) / characterWidth(FONT_SIZE.body)),
  );
  const firstBaseline =
    top + CELL / 2 + FONT_SIZE.body / 3 - ((lines.length - 1) * NAME_LINE_HEIGHT) / 2;
  return [
    ...lines.map((line, i) =>
      text(line, MARGIN, firstBaseline + i * NAME_LINE_HEIGHT, `font-size="${FONT_SIZE.body}"`),
    ),
    ...images.map((image, column) => {
      const left = MARGIN + NAME_WIDTH + column * (CELL + GAP);
      return `<image x="${left}" y="${top}" width="${CELL}" height="${CELL}" preserveAspectRatio="xMidYMid slice" href="${imageDataUri(image)}"/>`;
    }),
  ].join('\n');
}

function text(content: string, x: number, y: number, style: string): string {
  return `<text x="${x}" y="${y}" ${style}>${escapeXml(content)}</text>`;
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
