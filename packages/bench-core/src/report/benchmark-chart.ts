import { METRICS } from '../metrics/metric-definitions';
import type { BenchResults } from '../results/bench-results';
import { barPanel, categoryLabel } from './bar-panel';
import { COLORS, characterWidth, FONT_SIZE, LABEL_LINE_HEIGHT } from './chart-style';
import { type Contender, groupByContender } from './contenders';
import { type Chart, renderChartPng } from './render-chart';
import {
  describeDataset,
  describeMachine,
  describeTraining,
  incomparableWarning,
} from './run-facts';
import { wrapWords } from './wrap-words';

const PANELS = [METRICS.accuracyPercent, METRICS.trainSeconds, METRICS.inferenceSeconds];

const MARGIN = 32;
const VALUE_AXIS_WIDTH = 56;
const PLOT_HEIGHT = 330;
const LINE_HEIGHT = 20;
/** Title of a panel and the labels over its highest bar. */
const PANEL_HEAD = 76;
const NARROWEST_SLOT = 96;

/**
 * `benchmark.png`: accuracy, training time and inference time side by side, one bar per adapter
 * and backend, under a title that says what ran and where.
 *
 * @throws `FRAMEWORK_MISSING`
 */
export function renderBenchmarkPng(results: BenchResults): Promise<Buffer> {
  return renderChartPng(benchmarkChart(results));
}

function benchmarkChart(results: BenchResults): Chart {
  const contenders = groupByContender(results);
  const plotWidth = Math.max(360, contenders.length * NARROWEST_SLOT);
  const width = MARGIN + PANELS.length * (VALUE_AXIS_WIDTH + plotWidth + MARGIN);
  const header = headerTitles(results, width - 2 * MARGIN);
  const top = header.height + PANEL_HEAD;
  const panels = PANELS.map((metric, i) =>
    barPanel(metric, contenders, i, {
      left: MARGIN + VALUE_AXIS_WIDTH + i * (VALUE_AXIS_WIDTH + plotWidth + MARGIN),
      top,
      width: plotWidth,
      height: PLOT_HEIGHT,
    }),
  );
  const labelLines = contenders.map(
    (contender) => categoryLabel(contender, plotWidth / contenders.length).length,
  );
  const height =
    top + PLOT_HEIGHT + Math.max(0, ...labelLines) * LABEL_LINE_HEIGHT + 2 * MARGIN + LINE_HEIGHT;
  return {
    width,
    height,
    option: {
      title: [
        ...header.titles,
        ...panels.map((panel) => panel.title),
        legend(contenders, height - MARGIN - FONT_SIZE.label),
      ],
      grid: panels.map((panel) => panel.grid),
      xAxis: panels.map((panel) => panel.xAxis),
      yAxis: panels.map((panel) => panel.yAxis),
      series: panels.flatMap((panel) => panel.series),
    },
  };
}

/** What ran, line by line, and the warning where the figures may not be compared. */
function headerTitles(results: BenchResults, width: number) {
  const wrap = (text: string) =>
    wrapWords(text, Math.floor(width / characterWidth(FONT_SIZE.body)));
  const facts = [describeDataset, describeTraining, describeMachine].flatMap((describe) =>
    wrap(describe(results)),
  );
  const warning = incomparableWarning(results);
  const warningLines = warning ? wrap(warning) : [];
  const warningTop = MARGIN + 36 + facts.length * LINE_HEIGHT + 12;
  return {
    titles: [
      {
        text: `Image classification on data set ${results.dataset.name}`,
        subtext: facts.join('\n'),
        left: MARGIN,
        top: MARGIN,
        padding: 0,
        itemGap: 12,
        textStyle: { fontSize: FONT_SIZE.title, fontWeight: 600 as const, color: COLORS.text },
        subtextStyle: {
          fontSize: FONT_SIZE.body,
          lineHeight: LINE_HEIGHT,
          color: COLORS.mutedText,
        },
      },
      ...(warning ? [warningBanner(warningLines, warningTop, width)] : []),
    ],
    height: warningTop + (warning ? warningLines.length * LINE_HEIGHT + 28 : 0),
  };
}

function warningBanner(lines: readonly string[], top: number, width: number) {
  return {
    text: lines.join('\n'),
    left: MARGIN,
    top,
    padding: [8, 12],
    borderRadius: 4,
    backgroundColor: COLORS.failureBackground,
    textStyle: {
      fontSize: FONT_SIZE.body,
      fontWeight: 600 as const,
      lineHeight: LINE_HEIGHT,
      width: width - 24,
      color: COLORS.failure,
    },
  };
}

function legend(contenders: readonly Contender[], top: number) {
  const hasIntervals = contenders.some(({ completed }) => completed.length > 1);
  return {
    text: hasIntervals
      ? 'Bars: mean over seeds. Dots: each seed. Whiskers and ±: 95% t-interval of the mean.'
      : 'One seed: how much the figures vary from run to run was not measured.',
    left: MARGIN,
    top,
    padding: 0,
    textStyle: {
      fontSize: FONT_SIZE.label,
      fontWeight: 400 as const,
      color: COLORS.mutedText,
    },
  };
}
