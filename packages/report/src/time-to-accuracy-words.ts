import { counted } from '@dlcmp/contract';
import { formatNumber, formatSeconds } from './format-number';
import type { Report } from './report';

/** `Time to 80.0 % test accuracy: A on cpu 12.00 s (3 of 3 seeds), …`; nothing where none was asked for. */
export function timeToAccuracySentence({ results, contenders }: Report): string | undefined {
  const target = results.configuration.targetAccuracy;
  if (target === undefined) return undefined;
  const times = contenders.flatMap(({ title, timeToAccuracy }) => {
    if (!timeToAccuracy) return [];
    const { medianTrainSeconds: seconds, reachedSeeds, seeds } = timeToAccuracy;
    const time = seconds === null ? 'not reached' : formatSeconds(seconds);
    return [`${title} ${time} (${reachedSeeds} of ${counted(seeds, 'seed')})`];
  });
  return `Median training time to ${formatNumber(target * 100, 1)} % test accuracy, evaluation left out: ${times.join('; ')}.`;
}
