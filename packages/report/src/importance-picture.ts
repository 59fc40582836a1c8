import type { ImportanceMap } from './html/importance-section';
import {
  heatColor,
  MUTED_STYLE,
  type PictureSvg,
  pictureSvg,
  SVG_LINE_HEIGHT,
  svgLines,
  svgText,
  TITLE_STYLE,
} from './picture-svg';

const MARGIN = 20;
const SIDE = 384;
const TITLE_HEIGHT = 30;
const GAP = 28;
const NOTE =
  'Mean decrease in impurity by pixel, its three colours added up; the darker, the more splits rest on it.';

/** Where each forest looks, one map under the other; nothing without any. */
export function importancePicture(maps: readonly ImportanceMap[]): PictureSvg | undefined {
  if (maps.length === 0) return undefined;
  const mapHeight = TITLE_HEIGHT + SIDE + GAP;
  const bottom = MARGIN + maps.length * mapHeight;
  const note = svgLines(NOTE, { x: MARGIN, y: bottom, characters: 56 }, MUTED_STYLE);
  return pictureSvg(SIDE + 2 * MARGIN, bottom + note.height + SVG_LINE_HEIGHT, [
    ...maps.flatMap((map, i) => draw(map, MARGIN + i * mapHeight)),
    ...note.parts,
  ]);
}

function draw({ title, width, height, values }: ImportanceMap, top: number): string[] {
  const largest = Math.max(...values, Number.MIN_VALUE);
  const scale = SIDE / Math.max(width, height);
  const pixels = values.map(
    (value, pixel) =>
      `<path d="M${pixel % width} ${Math.floor(pixel / width)}h1v1h-1z" fill="${heatColor(value / largest)}"/>`,
  );
  return [
    svgText(title, MARGIN, top + 14, TITLE_STYLE),
    `<g transform="translate(${MARGIN} ${top + TITLE_HEIGHT}) scale(${scale})" shape-rendering="crispEdges">`,
    ...pixels,
    '</g>',
  ];
}
