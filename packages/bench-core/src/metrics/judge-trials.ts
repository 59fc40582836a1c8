import type { BenchResults, CompletedTrial, TrialResult } from '../results/bench-results';
import type { Check } from '../results/checks';
import { AGREEMENT_IDS, agreementChecks, type WatchedTrial } from './training-agreement';

/**
 * `results` with every trial's checks by all trials that are there now: those that it brought itself, and how its training
 * agrees with the other contenders'.
 */
export function judgeTrials(results: BenchResults): BenchResults {
  const agreements = agreementsOf(results);
  return { ...results, trials: results.trials.map((trial) => judgeTrial(trial, agreements)) };
}

function judgeTrial(
  trial: TrialResult,
  agreements: ReadonlyMap<TrialResult, readonly Check[]>,
): TrialResult {
  if (trial.status !== 'completed' || !trial.checks) return trial;
  const own = trial.checks.filter(({ id }) => !AGREEMENT_IDS.has(id));
  const checks = [...own, ...(agreements.get(trial) ?? [])];
  return { ...trial, checks, comparable: checks.every(({ passed }) => passed) };
}

function agreementsOf({ configuration, trials }: BenchResults): Map<TrialResult, Check[]> {
  const agreements = new Map<TrialResult, Check[]>();
  // By design each framework has settings of its own there.
  if (configuration.track === 'defaults') return agreements;
  for (const group of groupByPlan(trials)) {
    const checks = agreementChecks(group, configuration);
    group.forEach((trial, index) => {
      agreements.set(trial, checks[index] ?? []);
    });
  }
  return agreements;
}

/** Trials of CNNs that trained by the same plan. */
function groupByPlan(trials: readonly TrialResult[]): WatchedTrial[][] {
  const groups = new Map<string, WatchedTrial[]>();
  for (const trial of trials) {
    if (trial.status !== 'completed' || !isWatched(trial)) continue;
    const plan = JSON.stringify([trial.seed, trial.repeat, trial.settings]);
    groups.set(plan, [...(groups.get(plan) ?? []), trial]);
  }
  return [...groups.values()];
}

function isWatched(trial: CompletedTrial): trial is WatchedTrial {
  return trial.training !== undefined;
}
