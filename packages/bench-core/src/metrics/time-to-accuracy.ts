import type { CompletedTrial, TimeToAccuracy, TrialMeasurements } from '../results/bench-results';

type Trained = Pick<TrialMeasurements, 'epochs' | 'accuracy' | 'trainSeconds'>;

/**
 * Training time until the test accuracy first reached `target` (0–1), as DAWNBench (Coleman and
 * others, 2017) asks, evaluations between epochs left out. A classifier without epochs reaches it at
 * the end of training or not at all.
 */
export function timeToAccuracy({ epochs, accuracy, trainSeconds }: Trained, target: number) {
  if (epochs.length === 0) {
    return { target, trainSeconds: accuracy >= target ? trainSeconds : null, epochs: null };
  }
  const reached = epochs.findIndex((epoch) => epoch.accuracy >= target);
  if (reached === -1) return { target, trainSeconds: null, epochs: null };
  const seconds = epochs.slice(0, reached + 1).reduce((sum, epoch) => sum + epoch.trainSeconds, 0);
  return { target, trainSeconds: seconds, epochs: reached + 1 };
}

/** Times to accuracy of several seeds. */
export interface TimeToAccuracySummary {
  readonly target: number;
  /** Median training time; null = not reached, as more than half of the seeds missed it. */
  readonly medianTrainSeconds: number | null;
  /** Median of the epochs, counted likewise; null also where the classifier has none. */
  readonly medianEpochs: number | null;
  readonly reachedSeeds: number;
  readonly seeds: number;
}

/**
 * Median over seeds with a miss as infinite, as MLPerf Training and AlgoPerf score. Undefined where
 * no target was asked for.
 */
export function summariseTimeToAccuracy(
  trials: readonly CompletedTrial[],
): TimeToAccuracySummary | undefined {
  const times = trials.flatMap(({ timeToAccuracy: time }) => (time ? [time] : []));
  const [first] = times;
  if (!first) return undefined;
  return {
    target: first.target,
    medianTrainSeconds: median(times.map(({ trainSeconds }) => trainSeconds)),
    medianEpochs: median(times.map(({ epochs }) => epochs)),
    reachedSeeds: times.filter(isReached).length,
    seeds: times.length,
  };
}

function isReached({ trainSeconds }: TimeToAccuracy): boolean {
  return trainSeconds !== null;
}

/** null counts as infinite; the mean of the middle two of an even number. */
function median(values: readonly (number | null)[]): number | null {
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const center = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return Number.isFinite(center) ? center : null;
}
