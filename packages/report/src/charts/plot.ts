import type { XAXisComponentOption, YAXisComponentOption } from 'echarts';
import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { COLORS, colorAt, FONT_SIZE } from '../chart-style';
import { tickLabel } from '../chart-text';
import type { Chart } from '../render-chart';
import { lineTypeAt, symbolAt } from './symbols';

/** Small enough that text stays legible where a phone shows the whole width. */
export const PLOT_WIDTH = 480;
const PLOT_HEIGHT = 300;

type Point = readonly [x: number, y: number];

/** A value axis of a plot. */
export interface PlotAxis {
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly logarithmic?: boolean;
  /** Ticks at whole numbers alone. */
  readonly whole?: boolean;
  /** Ticks at these values, equally far apart, in place of a scale; points give their index. */
  readonly values?: readonly number[];
}

/** A chart of x against y. */
export function plot(
  x: PlotAxis,
  y: PlotAxis,
  series: readonly (LineSeriesOption | CustomSeriesOption)[],
): Chart {
  const grid = { left: 60, right: 22, top: 16, bottom: 52, outerBoundsMode: 'none' as const };
  return {
    width: PLOT_WIDTH,
    height: PLOT_HEIGHT,
    option: {
      grid,
      xAxis: { ...axis(x), nameGap: 32 } as XAXisComponentOption,
      yAxis: { ...axis(y), nameGap: 44, nameRotate: 90 } as YAXisComponentOption,
      series: [...series],
    },
  };
}

function axis({ name, min, max, logarithmic = false, whole = false, values }: PlotAxis) {
  return {
    type: values ? 'category' : logarithmic ? 'log' : 'value',
    ...(values && { data: values.map(tickLabel) }),
    name,
    nameLocation: 'middle',
    nameTextStyle: { color: COLORS.mutedText, fontSize: FONT_SIZE.label },
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(!logarithmic && { splitNumber: 5 }),
    ...(whole && { minInterval: 1 }),
    axisLine: { show: true, lineStyle: { color: COLORS.axis } },
    axisTick: { show: false },
    minorTick: { show: false },
    splitLine: { lineStyle: { color: COLORS.gridLine } },
    axisLabel: {
      color: COLORS.text,
      fontSize: FONT_SIZE.label,
      ...(!values && { formatter: tickLabel }),
    },
  };
}

/** A contender's line, told apart by colour, dashes and symbols. */
export function contenderLine(
  index: number,
  points: readonly Point[],
  { faint = false, symbols = true } = {},
): LineSeriesOption {
  return {
    type: 'line',
    silent: true,
    data: points.map(([x, y]) => [x, y]),
    showSymbol: symbols && !faint,
    symbol: symbolAt(index),
    symbolSize: 8,
    lineStyle: {
      color: colorAt(index),
      width: faint ? 1 : 2.5,
      opacity: faint ? 0.5 : 1,
      type: lineTypeAt(index),
    },
    itemStyle: { color: colorAt(index), opacity: 1 },
    z: faint ? 2 : 3,
  };
}

/** A contender's marks without a line. */
export function contenderMarks(index: number, points: readonly Point[]): LineSeriesOption {
  const line = contenderLine(index, points);
  return { ...line, symbolSize: 12, lineStyle: { ...line.lineStyle, width: 0, opacity: 0 } };
}

/** The axis of positive figures: logarithmic where they span more than a factor of ten. */
export function timeAxis(name: string, values: readonly number[]): PlotAxis {
  const positive = values.filter((value) => value > 0);
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  if (positive.length === 0 || high / low <= 10) return { name, min: 0 };
  return {
    name,
    logarithmic: true,
    min: 10 ** Math.floor(Math.log10(low)),
    max: 10 ** Math.ceil(Math.log10(high)),
  };
}
