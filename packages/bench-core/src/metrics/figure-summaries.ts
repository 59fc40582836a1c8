import type { CompletedTrial } from '../results/bench-results';
import type { Contender } from './contenders';
import { coefficientOfVariation, type MeanInterval, meanInterval } from './mean-interval';
import { METRICS, type MetricDefinition } from './metric-definitions';

export type MetricId = keyof typeof METRICS;

/** Every metric, in the unit that fits a run's figures. */
export type RunMetrics = Readonly<Record<MetricId, MetricDefinition>>;

/** One figure of a contender over its seeds. */
export interface FigureSummary extends MeanInterval {
  /** Of each completed trial, in running order. */
  readonly values: readonly number[];
  /** Standard deviation over mean; null for a single value. */
  readonly variation: number | null;
}

/** A time shorter than this, in its unit, is better read in the next smaller one. */
const SHORTEST = 0.1;

const SMALLER_UNIT: ReadonlyMap<string, string> = new Map([
  ['s', 'ms'],
  ['ms', 'µs'],
]);

/**
 * {@link METRICS}, where times of the order of milliseconds or microseconds in all of `contenders` are
 * given in these.
 */
export function fittingMetrics(contenders: readonly Contender[]): RunMetrics {
  const trials = contenders.flatMap(({ completed }) => completed);
  const entries = Object.entries(METRICS).map(([id, metric]) => [id, fitting(metric, trials)]);
  return Object.fromEntries(entries) as RunMetrics;
}

function fitting(metric: MetricDefinition, trials: readonly CompletedTrial[]): MetricDefinition {
  const smaller = SMALLER_UNIT.get(metric.unit);
  const longest = Math.max(0, ...trials.map(metric.value));
  if (smaller === undefined || longest === 0 || longest >= SHORTEST) return metric;
  const scaled = {
    ...metric,
    unit: smaller,
    value: (trial: CompletedTrial) => metric.value(trial) * 1000,
  };
  return fitting(scaled, trials);
}

/** Every metric of a contender; undefined where none of its trials completed. */
export function summariseFigures(
  { completed }: Contender,
  metrics: RunMetrics,
): Readonly<Record<MetricId, FigureSummary>> | undefined {
  if (completed.length === 0) return undefined;
  const entries = Object.entries(metrics).map(([id, { value }]) => [
    id,
    summarise(completed.map(value)),
  ]);
  return Object.fromEntries(entries) as Record<MetricId, FigureSummary>;
}

function summarise(values: readonly number[]): FigureSummary {
  return { ...meanInterval(values), values, variation: coefficientOfVariation(values) };
}
