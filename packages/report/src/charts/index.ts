import type { Report } from '../report';
import { accuracyAgainstTime } from './accuracy-against-time';
import { classQualityChart } from './class-quality-chart';
import { latencyDistribution } from './latency-distribution';
import { learningCurves } from './learning-curves';
import { metricBars } from './metric-bars';
import { phasesChart } from './phases-chart';
import type { ReportChart } from './report-chart';
import { scalingCharts } from './scaling-charts';
import { throughputByBatch } from './throughput-by-batch';

/** Every chart that `report` has figures for, in the order of the report. */
export function reportCharts(report: Report): ReportChart[] {
  const charts = [
    accuracyAgainstTime(report),
    ...learningCurves(report),
    ...metricBars(report),
    latencyDistribution(report),
    throughputByBatch(report),
    ...scalingCharts(report),
    phasesChart(report),
    classQualityChart(report),
  ];
  return charts.filter((chart) => chart !== undefined);
}
