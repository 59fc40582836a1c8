import {
  type BenchResults,
  groupByContender,
  summariseTimeToAccuracy,
} from '@dlcmp/bench-core/results';
import { contenderTitle } from './charts/report-chart';
import { formatNumber } from './format-number';

/** `Time to 80.0 % test accuracy: A on cpu 12.00 s (3 of 3 seeds), …`; nothing where none was asked for. */
export function timeToAccuracySentence(results: BenchResults): string | undefined {
  const target = results.configuration.targetAccuracy;
  if (target === undefined) return undefined;
  const times = groupByContender(results).flatMap((contender) => {
    const summary = summariseTimeToAccuracy(contender.completed);
    if (!summary) return [];
    const { medianTrainSeconds: seconds, reachedSeeds, seeds } = summary;
    const time = seconds === null ? 'not reached' : `${formatNumber(seconds, 2)} s`;
    return [`${contenderTitle(contender)} ${time} (${reachedSeeds} of ${seeds} seeds)`];
  });
  return `Median training time to ${formatNumber(target * 100, 1)} % test accuracy, evaluation left out: ${times.join('; ')}.`;
}
