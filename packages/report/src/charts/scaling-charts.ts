import {
  type CompletedTrial,
  contenderTitle,
  type MetricDefinition,
  type MetricId,
  metricTitle,
  type TrialSettings,
} from '@dlcmp/bench-core/results';
import { formatFigure } from '../format-number';
import type { Report } from '../report';
import { contenderLine, plot, timeAxis } from './plot';
import { contenderLegend, type ReportChart } from './report-chart';

type Axis = keyof TrialSettings;

const AXES: readonly { axis: Axis; name: string; id: string }[] = [
  { axis: 'imageSize', name: 'image side (pixels)', id: 'image-size' },
  { axis: 'batchSize', name: 'batch size', id: 'batch-size' },
  { axis: 'learningRate', name: 'learning rate', id: 'learning-rate' },
];

const FIGURES: readonly { readonly metricId: MetricId; readonly id: string }[] = [
  { metricId: 'trainImagesPerSecond', id: 'training-throughput' },
  { metricId: 'accuracyPercent', id: 'accuracy' },
];

/** How throughput and accuracy go along each axis that a matrix sweeps. */
export function scalingCharts({ results, metrics, hasSpread }: Report): ReportChart[] {
  const swept = results.trials.filter(
    (trial): trial is CompletedTrial => trial.status === 'completed' && !!trial.settings,
  );
  return AXES.filter(({ axis }) => valuesOf(swept, axis).length > 1).flatMap((axis) =>
    FIGURES.map(({ metricId, id }) => draw(swept, axis, metrics[metricId], { id, hasSpread })),
  );
}

function draw(
  trials: readonly CompletedTrial[],
  { axis, name, id }: (typeof AXES)[number],
  metric: MetricDefinition,
  { id: metricId, hasSpread }: { readonly id: string; readonly hasSpread: boolean },
): ReportChart {
  const keys = [...new Set(trials.map(contenderTitle))];
  const lines = keys.map((key) => {
    const own = trials.filter((trial) => contenderTitle(trial) === key);
    return { trial: own[0]!, points: meanAlong(own, axis, metric) };
  });
  return {
    id: `${metricId}-by-${id}`,
    title: `${metricTitle(metric)} by ${name}`,
    description: `Mean ${hasSpread ? 'over seeds and ' : ''}over what else the matrix varies. Flat or falling: the framework gains nothing from more.`,
    legend: contenderLegend(lines.map(({ trial }) => trial)),
    chart: plot(
      timeAxis(name, valuesOf(trials, axis)),
      metric.unit === '%'
        ? { name: metricTitle(metric), min: 0, max: 100 }
        : timeAxis(
            metricTitle(metric),
            lines.flatMap(({ points }) => points.map(([, y]) => y)),
          ),
      lines.map(({ points }, index) => contenderLine(index, points)),
    ),
    table: {
      columns: ['framework', name, metricTitle(metric)],
      rows: lines.flatMap(({ trial, points }) =>
        points.map(([x, y]) => [contenderTitle(trial), String(x), formatFigure(y, metric)]),
      ),
    },
  };
}

function valuesOf(trials: readonly CompletedTrial[], axis: Axis): number[] {
  const values = trials.map(({ settings }) => settings?.[axis] ?? null);
  return [...new Set(values.filter((value) => value !== null))].sort((a, b) => a - b);
}

function meanAlong(
  trials: readonly CompletedTrial[],
  axis: Axis,
  metric: MetricDefinition,
): [number, number][] {
  return valuesOf(trials, axis).map((value) => {
    const own = trials.filter(({ settings }) => settings?.[axis] === value);
    return [value, own.reduce((sum, trial) => sum + metric.value(trial), 0) / own.length];
  });
}
