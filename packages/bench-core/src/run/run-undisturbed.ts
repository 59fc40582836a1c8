import { disturbance, isDisturbed } from '../metrics/disturbed-runs';
import type { TrialResult } from '../results/bench-results';

/**
 * Runs a trial, and where the noise probe says that the machine was taken away meanwhile, or the clock outside of its process that
 * it was slow to end, once more; of the two the less disturbed counts. Who turns the clock's hands does so twice.
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
  if (first.status !== 'completed') return first;
  const isLate = failsOutsideClock(first);
  if (!isLate && !isDisturbed(first, probes)) return first;
  onRepeat(first);
  const second = await runOnce();
  const isQuieter = disturbance(second, probes) < disturbance(first, probes);
  const counts = second.status === 'completed' && (isLate || isQuieter);
  return { ...(counts ? second : first), attempts: 2 };
}

function failsOutsideClock(trial: TrialResult): boolean {
  const checks = (trial.status === 'completed' && trial.checks) || [];
  return checks.some(({ id, passed }) => id === 'outside-clock' && !passed);
}
