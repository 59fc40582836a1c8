import {
  type BenchResults,
  groupByContender,
  METRICS,
  type MetricDefinition,
  meanInterval,
  metricTitle,
  outcomeWithoutFigures,
} from '@dlcmp/bench-core/results';
import { barPanel } from '../bar-panel';
import { formatNumber } from '../format-number';
import { PLOT_WIDTH } from './plot';
import { contenderTitle, type ReportChart } from './report-chart';

const BARS = [
  { id: 'accuracy', metric: METRICS.accuracyPercent },
  { id: 'training-time', metric: METRICS.trainSeconds },
  { id: 'inference-time', metric: METRICS.inferenceSeconds },
  { id: 'peak-memory', metric: METRICS.peakMemoryMiB },
];

const HEIGHT = 340;
const FEWEST_PIXELS_PER_BAR = 84;

/** One figure of each contender as bars, with every seed and the interval of the mean. */
export function metricBars(results: BenchResults): ReportChart[] {
  return results.trials.length === 0 ? [] : BARS.map(({ id, metric }) => draw(id, metric, results));
}

function draw(id: string, metric: MetricDefinition, results: BenchResults): ReportChart {
  const contenders = groupByContender(results);
  const width = Math.max(PLOT_WIDTH, 80 + contenders.length * FEWEST_PIXELS_PER_BAR);
  const box = { left: 60, top: 52, width: width - 76, height: HEIGHT - 128 };
  const { grid, xAxis, yAxis, series } = barPanel(metric, contenders, 0, box);
  return {
    id,
    title: metricTitle(metric),
    description: `Mean over seeds with its 95% t-interval; dots are seeds. ${metric.better === 'lower' ? 'Lower' : 'Higher'} is better.`,
    legend: [],
    chart: {
      width,
      height: HEIGHT,
      option: { grid, xAxis, yAxis, series: series.map((one) => ({ ...one, silent: true })) },
    },
    table: {
      columns: ['framework', metricTitle(metric), '±'],
      rows: contenders.map((contender) => {
        const values = contender.completed.map(metric.value);
        if (values.length === 0) {
          return [contenderTitle(contender), outcomeWithoutFigures(contender), ''];
        }
        const { mean, halfWidth } = meanInterval(values);
        const spread = halfWidth === null ? '' : formatNumber(halfWidth, metric.digits);
        return [contenderTitle(contender), formatNumber(mean, metric.digits), spread];
      }),
    },
  };
}
