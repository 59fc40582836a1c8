import type { LegendEntry } from './report-chart';

const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'] as const;
const LINE_TYPES = ['solid', 'dashed', 'dotted'] as const;

/** Colour is never alone in telling contenders apart. */
export function symbolAt(index: number): (typeof SYMBOLS)[number] {
  return SYMBOLS[index % SYMBOLS.length] as (typeof SYMBOLS)[number];
}

export function lineTypeAt(index: number): (typeof LINE_TYPES)[number] {
  return LINE_TYPES[index % LINE_TYPES.length] as (typeof LINE_TYPES)[number];
}

const PATHS = {
  circle: 'M6 1a5 5 0 1 0 .01 0z',
  rect: 'M1.5 1.5h9v9h-9z',
  triangle: 'M6 1l5 10H1z',
  diamond: 'M6 0l5 6-5 6-5-6z',
} as const;

/** The symbol at `index`, or a patch, as an SVG path in a square of 12. */
export function symbolPath({ index, isPatch }: LegendEntry): string {
  return PATHS[isPatch ? 'rect' : symbolAt(index)];
}
