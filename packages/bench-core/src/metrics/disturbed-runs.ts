import { median } from 'simple-statistics';
import type { BenchResults, TrialResult } from '../results/bench-results';
import { byMachine } from '../results/machines';

/**
 * A trial whose noise probe took this many times the usual was disturbed. One run in three that takes 1.25 times as long
 * shifts the mean of the three by 7.7%, which is what two contenders' lasting bias is allowed: slighter disturbances can't
 * make a winner alone, and the t-test counts them as scatter.
 */
const DISTURBED_FACTOR = 1.25;

type Probed = Pick<TrialResult, 'conditions'>;

/** Seconds of the noise probe before and after each trial that has one. */
export function probesOf(trials: readonly Probed[]): number[] {
  return trials.flatMap(({ conditions }) => {
    const probe = conditions?.noiseProbe;
    return probe ? [probe.beforeSeconds, probe.afterSeconds] : [];
  });
}

/** How many times as long as usual (the median of `probes`) the slower probe of `trial` took; 1 where there is none. */
export function disturbance(trial: Probed, probes: readonly number[]): number {
  const own = probesOf([trial]);
  return own.length === 0 ? 1 : Math.max(...own) / median([...own, ...probes]);
}

/** Whether the machine was taken away during `trial`, going by how long the noise probe usually takes. */
export function isDisturbed(trial: Probed, probes: readonly number[]): boolean {
  return disturbance(trial, probes) > DISTURBED_FACTOR;
}

/** Trials of a run during which their machine was taken away: each machine has its own usual. */
export function disturbedTrials({
  trials,
}: Pick<BenchResults, 'trials'>): ReadonlySet<TrialResult> {
  const disturbed = byMachine(trials).flatMap((own) => {
    const probes = probesOf(own);
    return own.filter((trial) => isDisturbed(trial, probes));
  });
  return new Set(disturbed);
}
