import type { CustomSeriesOption } from 'echarts/charts';
import { COLORS, FONT_SIZE, LABEL_LINE_HEIGHT } from './chart-style';

/** A bar with what is drawn about it. */
export interface Bar {
  /** null = no figure, hence no bar. */
  readonly mean: number | null;
  /** Ends of the whisker. */
  readonly interval: readonly [number, number] | null;
  /** The figure of each seed. */
  readonly points: readonly number[];
  readonly label: string;
}

const WHISKER_CAP = 6;

/** The highest that anything of a bar is drawn. */
export function topOf({ mean, interval, points }: Bar): number {
  return Math.max(mean ?? 0, interval?.[1] ?? 0, ...points);
}

/**
 * Whiskers, a dot for each seed where there are several, and the labels over all of it, as a
 * series of its own: so the value axis reaches as high as they do.
 */
export function barAnnotations(bars: readonly Bar[]): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    z: 3,
    clip: false,
    encode: { x: 0, y: 1 },
    data: bars.map((bar, i) => [i, topOf(bar)]),
    renderItem: ({ dataIndex }, { coord }) => {
      const bar = bars[dataIndex] as Bar;
      const at = (value: number) => coord([dataIndex, value]) as [number, number];
      const [x, top] = at(topOf(bar));
      return {
        type: 'group',
        children: [
          ...(bar.interval ? whisker(x, at(bar.interval[0])[1], at(bar.interval[1])[1]) : []),
          ...(bar.points.length > 1 ? bar.points.map((value) => dot(x, at(value)[1])) : []),
          label(bar, x, top - 6),
        ],
      };
    },
  };
}

function whisker(x: number, low: number, high: number) {
  const style = { stroke: COLORS.text, lineWidth: 1.5 };
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: 'line' as const,
    shape: { x1, y1, x2, y2 },
    style,
  });
  return [
    line(x, low, x, high),
    line(x - WHISKER_CAP, low, x + WHISKER_CAP, low),
    line(x - WHISKER_CAP, high, x + WHISKER_CAP, high),
  ];
}

function dot(x: number, y: number) {
  return {
    type: 'circle' as const,
    shape: { cx: x, cy: y, r: 3 },
    style: { fill: '#ffffff', stroke: COLORS.text, lineWidth: 1, opacity: 0.85 },
  };
}

function label(bar: Bar, x: number, y: number) {
  return {
    type: 'text' as const,
    style: {
      x,
      y,
      text: bar.label,
      align: 'center' as const,
      verticalAlign: 'bottom' as const,
      fontSize: FONT_SIZE.label,
      fontWeight: 600,
      lineHeight: LABEL_LINE_HEIGHT,
      fill: bar.mean === null ? COLORS.failure : COLORS.text,
    },
  };
}
