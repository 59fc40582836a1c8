import { type MetricId, metricTitle, outcomeWithoutFigures } from '@dlcmp/bench-core/results';
import { barPanel } from '../bar-panel';
import { formatFigure } from '../format-number';
import type { Report } from '../report';
import { PLOT_WIDTH } from './plot';
import type { ReportChart } from './report-chart';

const BARS: readonly { readonly id: string; readonly metric: MetricId }[] = [
  { id: 'accuracy', metric: 'accuracyPercent' },
  { id: 'training-time', metric: 'trainSeconds' },
  { id: 'inference-time', metric: 'inferenceSeconds' },
  { id: 'peak-memory', metric: 'peakMemoryMiB' },
];

const HEIGHT = 340;
const FEWEST_PIXELS_PER_BAR = 84;

/** One figure of each contender as bars, with every seed and the interval of the mean. */
export function metricBars(report: Report): ReportChart[] {
  if (report.results.trials.length === 0) return [];
  return BARS.map(({ id, metric }) => draw(id, metric, report));
}

function draw(id: string, metricId: MetricId, report: Report): ReportChart {
  const { contenders, metrics, hasSpread } = report;
  const metric = metrics[metricId];
  const width = Math.max(PLOT_WIDTH, 80 + contenders.length * FEWEST_PIXELS_PER_BAR);
  const box = { left: 60, top: 52, width: width - 76, height: HEIGHT - 128 };
  const { grid, xAxis, yAxis, series } = barPanel(metricId, report, 0, box);
  const direction = `${metric.better === 'lower' ? 'Lower' : 'Higher'} is better.`;
  return {
    id,
    title: metricTitle(metric),
    description: hasSpread
      ? `Mean over seeds with its 95% t-interval; dots are seeds. ${direction}`
      : direction,
    legend: [],
    chart: {
      width,
      height: HEIGHT,
      option: { grid, xAxis, yAxis, series: series.map((one) => ({ ...one, silent: true })) },
    },
    table: {
      columns: ['framework', metricTitle(metric), ...(hasSpread ? ['±'] : [])],
      rows: contenders.map((contender) => {
        const { title, figures } = contender;
        if (!figures) return [title, outcomeWithoutFigures(contender), ...(hasSpread ? [''] : [])];
        const { mean, halfWidth } = figures[metricId];
        const spread = halfWidth === null ? '' : formatFigure(halfWidth, metric, mean);
        return [title, formatFigure(mean, metric), ...(hasSpread ? [spread] : [])];
      }),
    },
  };
}
