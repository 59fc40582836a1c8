import { disturbance, isDisturbed } from '../metrics/disturbed-runs';
import type { TrialResult } from '../results/bench-results';

/**
 * Runs a trial, and where the noise probe says that the machine was taken away meanwhile, once more; of the two the less disturbed
 * counts.
 *
 * @param probes seconds that the noise probe took until now
 * @param onRepeat told of the trial that is run again
 */
export async function runUndisturbed(
  runOnce: () => Promise<TrialResult>,
  probes: readonly number[],
  onRepeat: (disturbed: TrialResult) => void,
): Promise<TrialResult> {
  const first = await runOnce();
  if (first.status !== 'completed' || !isDisturbed(first, probes)) return first;
  onRepeat(first);
  const second = await runOnce();
  const isQuieter =
    second.status === 'completed' && disturbance(second, probes) < disturbance(first, probes);
  return { ...(isQuieter ? second : first), attempts: 2 };
}
