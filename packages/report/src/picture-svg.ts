import { COLORS, FONT_SIZE } from './chart-style';
import { FONT_FAMILY } from './fonts';
import { escapeHtml } from './html/markup';
import { wrapWords } from './wrap-words';

/** A drawing and its size in nominal pixels. */
export interface PictureSvg {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** An SVG of its own around `parts`, on white. */
export function pictureSvg(width: number, height: number, parts: readonly string[]): PictureSvg {
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT_FAMILY}, sans-serif" font-size="${FONT_SIZE.label}" fill="${COLORS.text}">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...parts,
    '</svg>',
  ].join('\n');
  return { svg, width, height };
}

/** Text with its baseline at `y`; `style` holds further attributes. */
export function svgText(content: string, x: number, y: number, style = ''): string {
  return `<text x="${x}" y="${y}" ${style}>${escapeHtml(content)}</text>`;
}

export const TITLE_STYLE = `font-size="${FONT_SIZE.panelTitle}" font-weight="600"`;

export const MUTED_STYLE = `fill="${COLORS.mutedText}"`;

/** `content` in lines of at most `characters`, the first one's baseline at `y`. */
export function svgLines(
  content: string,
  at: { readonly x: number; readonly y: number; readonly characters: number },
  style = '',
): { readonly parts: string[]; readonly height: number } {
  const lines = wrapWords(content, at.characters);
  return {
    parts: lines.map((line, i) => svgText(line, at.x, at.y + i * SVG_LINE_HEIGHT, style)),
    height: lines.length * SVG_LINE_HEIGHT,
  };
}

export const SVG_LINE_HEIGHT = 16;

/** White at 0, the palette's blue at 1. */
export function heatColor(share: number): string {
  const mix = (from: number, to: number) => Math.round(from + (to - from) * share);
  return `rgb(${mix(255, 0)},${mix(255, 114)},${mix(255, 178)})`;
}
