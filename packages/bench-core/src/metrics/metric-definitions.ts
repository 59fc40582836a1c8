import type { CompletedTrial } from '../results/bench-results';

/** One figure of a trial, as tables and charts show it. */
export interface MetricDefinition {
  readonly id: string;
  /** Column title, without the unit. */
  readonly name: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  /** Digits after the point. */
  readonly digits: number;
  value(trial: CompletedTrial): number;
}

/** Every metric, once: terminal, pictures and pages draw from this table. */
export const METRICS = {
  totalSeconds: {
    id: 'totalSeconds',
    name: 'Total Script Time',
    unit: 's',
    better: 'lower',
    digits: 2,
    value: (trial) => trial.totalSeconds,
  },
  trainSeconds: {
    id: 'trainSeconds',
    name: 'Training Time',
    unit: 's',
    better: 'lower',
    digits: 2,
    value: (trial) => trial.trainSeconds,
  },
  inferenceSeconds: {
    id: 'inferenceSeconds',
    name: 'Inference Time',
    unit: 's',
    better: 'lower',
    digits: 2,
    value: (trial) => trial.inferenceSeconds,
  },
  accuracyPercent: {
    id: 'accuracyPercent',
    name: 'Accuracy',
    unit: '%',
    better: 'higher',
    digits: 2,
    value: (trial) => trial.accuracy * 100,
  },
  trainImagesPerSecond: {
    id: 'trainImagesPerSecond',
    name: 'Training Throughput',
    unit: 'images/s',
    better: 'higher',
    digits: 1,
    value: (trial) => trial.trainImagesPerSecond,
  },
  inferenceImagesPerSecond: {
    id: 'inferenceImagesPerSecond',
    name: 'Inference Throughput',
    unit: 'images/s',
    better: 'higher',
    digits: 1,
    value: (trial) => trial.inferenceImagesPerSecond,
  },
  latencyP50Ms: {
    id: 'latencyP50Ms',
    name: 'Latency p50',
    unit: 'ms',
    better: 'lower',
    digits: 2,
    value: (trial) => trial.latency.p50Ms,
  },
  latencyP99Ms: {
    id: 'latencyP99Ms',
    name: 'Latency p99',
    unit: 'ms',
    better: 'lower',
    digits: 2,
    value: (trial) => trial.latency.p99Ms,
  },
  peakMemoryMiB: {
    id: 'peakMemoryMiB',
    name: 'Peak Memory',
    unit: 'MiB',
    better: 'lower',
    digits: 0,
    value: (trial) => trial.peakRssBytes / 2 ** 20,
  },
  cpuSeconds: {
    id: 'cpuSeconds',
    name: 'CPU Time',
    unit: 's',
    better: 'lower',
    digits: 2,
    value: (trial) => trial.cpuSeconds,
  },
} as const satisfies Record<string, MetricDefinition>;

/** The original study's columns, in its order. */
export const STUDY_METRICS: readonly MetricDefinition[] = [
  METRICS.totalSeconds,
  METRICS.trainSeconds,
  METRICS.inferenceSeconds,
  METRICS.accuracyPercent,
];

/** `name (unit)`, as a column or panel is titled. */
export function metricTitle(metric: MetricDefinition): string {
  return `${metric.name} (${metric.unit})`;
}
