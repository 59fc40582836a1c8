import {
  incompleteSeeds,
  type MetricDefinition,
  type MetricId,
  metricTitle,
  outcomeWithoutFigures,
} from '@dlcmp/bench-core/results';
import type { XAXisComponentOption, YAXisComponentOption } from 'echarts';
import type { BarSeriesOption, CustomSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TitleComponentOption } from 'echarts/components';
import { type Bar, barAnnotations, topOf } from './bar-annotations';
import { COLORS, characterWidth, colorAt, FONT_SIZE, LABEL_LINE_HEIGHT } from './chart-style';
import { labelsByIndex, tickLabel } from './chart-text';
import { formatFigure } from './format-number';
import type { Report, ReportedContender } from './report';
import { wrapWords } from './wrap-words';

/** Where a panel lies in its chart, in pixels: the plot's rectangle without titles and labels. */
export interface PanelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The parts of an ECharts option that make one panel. */
export interface BarPanel {
  readonly title: TitleComponentOption;
  readonly grid: GridComponentOption;
  readonly xAxis: XAXisComponentOption;
  readonly yAxis: YAXisComponentOption;
  readonly series: readonly (BarSeriesOption | CustomSeriesOption)[];
}

const WIDEST_BAR = 64;

/**
 * One metric as bars, one per contender: mean over seeds, with a dot for each seed and a whisker
 * for the 95% t-interval once there are two. A contender without figures has the word instead.
 *
 * @param panelIndex which of the chart's grids and axes the panel is
 */
export function barPanel(
  id: MetricId,
  { contenders, metrics }: Pick<Report, 'contenders' | 'metrics'>,
  panelIndex: number,
  box: PanelBox,
): BarPanel {
  const metric = metrics[id];
  const bars = contenders.map((contender) => toBar(metric, id, contender));
  const axes = { xAxisIndex: panelIndex, yAxisIndex: panelIndex };
  return {
    title: {
      text: metricTitle(metric),
      left: box.left,
      top: box.top - 56,
      padding: 0,
      textStyle: { fontSize: FONT_SIZE.panelTitle, fontWeight: 600, color: COLORS.text },
    },
    grid: { ...box, outerBoundsMode: 'none' },
    xAxis: {
      type: 'category',
      gridIndex: panelIndex,
      data: contenders.map(({ key }) => key),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: COLORS.axis } },
      axisLabel: {
        interval: 0,
        color: COLORS.text,
        fontSize: FONT_SIZE.label,
        lineHeight: LABEL_LINE_HEIGHT,
        formatter: labelsByIndex(
          contenders.map((one) => categoryLabel(one, box.width / contenders.length)),
        ),
      },
    },
    yAxis: valueAxis(metric, bars, panelIndex),
    series: [
      {
        type: 'bar',
        ...axes,
        barMaxWidth: WIDEST_BAR,
        data: bars.map(({ mean }, i) => ({ value: mean ?? 0, itemStyle: { color: colorAt(i) } })),
      },
      { ...barAnnotations(bars), ...axes },
    ],
  };
}

function toBar(metric: MetricDefinition, id: MetricId, contender: ReportedContender): Bar {
  const { figures } = contender;
  if (!figures) {
    return { mean: null, interval: null, points: [], label: outcomeWithoutFigures(contender) };
  }
  const { mean, halfWidth, values: points } = figures[id];
  const figure = formatFigure(mean, metric);
  if (halfWidth === null) return { mean, interval: null, points, label: figure };
  const low = Math.max(0, mean - halfWidth);
  const high = Math.min(highestPossible(metric), mean + halfWidth);
  const label = `${figure}\n± ${formatFigure(halfWidth, metric, mean)}`;
  return { mean, interval: [low, high], points, label };
}

function highestPossible(metric: MetricDefinition): number {
  return metric.unit === '%' ? 100 : Number.POSITIVE_INFINITY;
}

function valueAxis(
  metric: MetricDefinition,
  bars: readonly Bar[],
  panelIndex: number,
): YAXisComponentOption {
  const top = Math.max(0, ...bars.map(topOf));
  const limit = highestPossible(metric);
  const hasFigures = bars.some(({ mean }) => mean !== null);
  return {
    type: 'value',
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
      formatter: (value: number) => tickLabel(value),
    },
  };
}

/** What stands under a contender's bar, in lines that fit `slotWidth` pixels. */
export function categoryLabel(contender: ReportedContender, slotWidth: number): string[] {
  const characters = Math.floor((slotWidth - 4) / characterWidth(FONT_SIZE.label));
  const parts = [
    contender.displayName,
    contender.contender ?? contender.backend,
    incompleteSeeds(contender),
  ];
  return parts
    .filter((part) => part !== undefined)
    .flatMap((part) => wrapWords(part, Math.min(characters, 22)));
}
