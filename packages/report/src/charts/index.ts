import type { BenchResults } from '@dlcmp/bench-core/results';
import { accuracyAgainstTime } from './accuracy-against-time';
import { classQualityChart } from './class-quality-chart';
import { latencyDistribution } from './latency-distribution';
import { learningCurves } from './learning-curves';
import { metricBars } from './metric-bars';
import { phasesChart } from './phases-chart';
import type { ReportChart } from './report-chart';
import { scalingCharts } from './scaling-charts';
import { throughputByBatch } from './throughput-by-batch';

/** Every chart that `results` has figures for, in the order of the report. */
export function reportCharts(results: BenchResults): ReportChart[] {
  const charts = [
    accuracyAgainstTime(results),
    ...learningCurves(results),
    ...metricBars(results),
    latencyDistribution(results),
    throughputByBatch(results),
    ...scalingCharts(results),
    phasesChart(results),
    classQualityChart(results),
  ];
  return charts.filter((chart) => chart !== undefined);
}
