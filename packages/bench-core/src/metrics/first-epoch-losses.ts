import type { BenchResults, CompletedTrial } from '../results/bench-results';

/** How near the CNNs' mean training losses of the first epoch are, where all trained the same. */
export interface FirstEpochLosses {
  /** The highest loss over the lowest, less 1: 0.01 = within 1%. The largest over the seeds. */
  readonly largestSpread: number;
  /** CNNs that are compared, on whatever backend; none of which a check failed. */
  readonly contenders: number;
}

/**
 * Real training's own check on the parity gate, which sees a few steps at a small size.
 *
 * @returns undefined in the `defaults` track, and where no seed has two CNNs with the same settings
 */
export function firstEpochLosses(results: BenchResults): FirstEpochLosses | undefined {
  if (results.configuration.track !== 'parity') return undefined;
  const groups = [...groupByPlan(results).values()].filter((losses) => losses.length > 1);
  if (groups.length === 0) return undefined;
  return {
    largestSpread: Math.max(...groups.map(spread)),
    contenders: Math.max(...groups.map((losses) => losses.length)),
  };
}

/** First losses of the CNNs that trained by the same plan. */
function groupByPlan({ trials }: BenchResults): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const trial of trials) {
    const loss = firstLoss(trial.status === 'completed' ? trial : undefined);
    if (loss === undefined) continue;
    const plan = JSON.stringify([trial.seed, trial.settings]);
    groups.set(plan, [...(groups.get(plan) ?? []), loss]);
  }
  return groups;
}

function firstLoss(trial: CompletedTrial | undefined): number | undefined {
  if (trial?.family !== 'cnn' || trial.comparable === false) return undefined;
  return trial.epochs[0]?.trainLoss;
}

function spread(losses: readonly number[]): number {
  return Math.max(...losses) / Math.min(...losses) - 1;
}
