import type { MetricId } from '@dlcmp/bench-core/results';
import type { TitleComponentOption } from 'echarts/components';
import { barPanel, categoryLabel } from './bar-panel';
import { chartHeader } from './chart-header';
import { COLORS, FONT_SIZE, LABEL_LINE_HEIGHT } from './chart-style';
import { type Chart, renderChartPng } from './render-chart';
import type { Report, ReportedContender } from './report';

const PANELS: readonly MetricId[] = ['accuracyPercent', 'trainSeconds', 'inferenceSeconds'];

const MARGIN = 32;
const VALUE_AXIS_WIDTH = 56;
const NARROWEST_SLOT = 96;
const NARROWEST_PLOT = 360;
const PLOT_HEIGHT = 330;
/** Room for a panel's title and the labels over its highest bar. */
const PANEL_HEAD = 88;
const FOOT_HEIGHT = 72;

/**
 * `benchmark.png`: accuracy, training time and inference time side by side, one bar per adapter
 * and backend, under a title that says what ran and where.
 */
export function renderBenchmarkPng(report: Report): Promise<Uint8Array> {
  return renderChartPng(benchmarkChart(report));
}

function benchmarkChart(report: Report): Chart {
  const { contenders } = report;
  const plotWidth = Math.max(NARROWEST_PLOT, contenders.length * NARROWEST_SLOT);
  const panelWidth = VALUE_AXIS_WIDTH + plotWidth + MARGIN;
  const width = MARGIN + PANELS.length * panelWidth;
  const header = chartHeader(report, { left: MARGIN, top: MARGIN, width: width - 2 * MARGIN });
  const top = header.bottom + PANEL_HEAD;
  const height = top + PLOT_HEIGHT + labelsHeight(contenders, plotWidth) + FOOT_HEIGHT;
  const panels = PANELS.map((metric, i) =>
    barPanel(metric, report, i, {
      left: MARGIN + VALUE_AXIS_WIDTH + i * panelWidth,
      top,
      width: plotWidth,
      height: PLOT_HEIGHT,
    }),
  );
  return {
    width,
    height,
    option: {
      title: [
        ...header.titles,
        ...panels.map((panel) => panel.title),
        legend(report, height - MARGIN - FONT_SIZE.label),
      ],
      grid: panels.map((panel) => panel.grid),
      xAxis: panels.map((panel) => panel.xAxis),
      yAxis: panels.map((panel) => panel.yAxis),
      series: panels.flatMap((panel) => panel.series),
    },
  };
}

function labelsHeight(contenders: readonly ReportedContender[], plotWidth: number): number {
  const lines = contenders.map(
    (contender) => categoryLabel(contender, plotWidth / contenders.length).length,
  );
  return Math.max(0, ...lines) * LABEL_LINE_HEIGHT;
}

/** How to read bars, dots and whiskers. */
function legend({ hasSpread }: Report, top: number): TitleComponentOption {
  return {
    text: hasSpread
      ? 'Bars: mean over seeds. Dots: each seed. Whiskers and ±: 95% t-interval of the mean.'
      : 'One seed: how much the figures vary from run to run was not measured.',
    left: MARGIN,
    top,
    padding: 0,
    textStyle: { fontSize: FONT_SIZE.label, fontWeight: 400, color: COLORS.mutedText },
  };
}
