import type { CustomSeriesOption } from 'echarts/charts';
import { type MetricDefinition, metricTitle } from '../metrics/metric-definitions';
import { COLORS, characterWidth, colorAt, FONT_SIZE } from './chart-style';
import { type Contender, incompleteSeeds, outcomeWithoutFigures } from './contenders';
import { formatNumber } from './format-number';
import { meanInterval } from './mean-interval';
import { wrapWords } from './wrap-words';

/** Where a panel lies in its chart, in pixels: the plot's rectangle without titles and labels. */
export interface PanelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A bar with what is drawn about it. */
interface Bar {
  readonly mean: number | null;
  /** Ends of the whisker: the 95% t-interval, kept within what the metric can be. */
  readonly interval: readonly [number, number] | null;
  /** The figure of each seed. */
  readonly points: readonly number[];
  readonly label: string;
}

/** Pixels from one line of a label to the next. */
export const LABEL_LINE_HEIGHT = 15;

const WIDEST_BAR = 64;
const WHISKER_CAP = 6;

/**
 * One metric as bars, one per contender: mean over seeds, with a dot for each seed and a whisker
 * for the 95% t-interval once there are two. A contender without figures has the word instead.
 *
 * @param panelIndex which of the chart's grids and axes the panel is
 */
export function barPanel(
  metric: MetricDefinition,
  contenders: readonly Contender[],
  panelIndex: number,
  box: PanelBox,
) {
  const bars = contenders.map((contender) => toBar(metric, contender));
  const axes = { xAxisIndex: panelIndex, yAxisIndex: panelIndex };
  return {
    title: {
      text: metricTitle(metric),
      left: box.left,
      top: box.top - 56,
      padding: 0,
      textStyle: { fontSize: FONT_SIZE.panelTitle, fontWeight: 600, color: COLORS.text },
    },
    grid: { ...box, outerBoundsMode: 'none' as const },
    xAxis: {
      type: 'category' as const,
      gridIndex: panelIndex,
      data: contenders.map((contender) =>
        categoryLabel(contender, box.width / contenders.length).join('\n'),
      ),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: COLORS.axis } },
      axisLabel: {
        interval: 0,
        color: COLORS.text,
        fontSize: FONT_SIZE.label,
        lineHeight: LABEL_LINE_HEIGHT,
      },
    },
    yAxis: valueAxis(metric, bars, panelIndex),
    series: [
      {
        type: 'bar' as const,
        ...axes,
        barMaxWidth: WIDEST_BAR,
        data: bars.map(({ mean }, i) => ({ value: mean ?? 0, itemStyle: { color: colorAt(i) } })),
      },
      { ...annotations(bars), ...axes },
    ],
  };
}

function toBar(metric: MetricDefinition, contender: Contender): Bar {
  if (contender.completed.length === 0) {
    return { mean: null, interval: null, points: [], label: outcomeWithoutFigures(contender) };
  }
  const points = contender.completed.map(metric.value);
  const { mean, halfWidth } = meanInterval(points);
  const figure = formatNumber(mean, metric.digits);
  if (halfWidth === null) return { mean, interval: null, points, label: figure };
  const low = Math.max(0, mean - halfWidth);
  const high = Math.min(highestPossible(metric), mean + halfWidth);
  const label = `${figure}\n± ${formatNumber(halfWidth, metric.digits)}`;
  return { mean, interval: [low, high], points, label };
}

function highestPossible(metric: MetricDefinition): number {
  return metric.unit === '%' ? 100 : Number.POSITIVE_INFINITY;
}

function valueAxis(metric: MetricDefinition, bars: readonly Bar[], panelIndex: number) {
  const top = Math.max(...bars.map(topOf));
  const limit = highestPossible(metric);
  const hasFigures = bars.some(({ mean }) => mean !== null);
  return {
    type: 'value' as const,
    gridIndex: panelIndex,
    min: 0,
    ...(limit < Number.POSITIVE_INFINITY && { max: limit }),
    ...(top === 0 && { max: 1 }),
    splitNumber: 5,
    splitLine: { lineStyle: { color: COLORS.gridLine } },
    axisLabel: {
      show: hasFigures,
      color: COLORS.mutedText,
      fontSize: FONT_SIZE.label,
      formatter: (value: number) => value.toLocaleString('en-US'),
    },
  };
}

/** The highest that anything of a bar is drawn. */
function topOf({ mean, interval, points }: Bar): number {
  return Math.max(mean ?? 0, interval?.[1] ?? 0, ...points);
}

/** What stands under a contender's bar, in lines that fit `slotWidth` pixels. */
export function categoryLabel(contender: Contender, slotWidth: number): string[] {
  const characters = Math.floor((slotWidth - 4) / characterWidth(FONT_SIZE.label));
  const parts = [contender.displayName, contender.backend, incompleteSeeds(contender)];
  return parts
    .filter((part) => part !== undefined)
    .flatMap((part) => wrapWords(part, Math.min(characters, 22)));
}

/** Whiskers, the seeds' dots and the labels over them; their tops extend the value axis. */
function annotations(bars: readonly Bar[]): CustomSeriesOption {
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
