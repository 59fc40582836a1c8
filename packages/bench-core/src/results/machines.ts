import type { BenchResults, MachineSummary, TrialResult } from './bench-results';

/** One machine of a study, and what ran on it. */
export interface MachineShare {
  readonly machine: MachineSummary;
  readonly trials: readonly TrialResult[];
}

/** Trials by the machine they ran on, in the order in which these first appear. */
export function byMachine<T extends Pick<TrialResult, 'machine'>>(trials: readonly T[]): T[][] {
  const groups = new Map<string | undefined, T[]>();
  for (const trial of trials) {
    groups.set(trial.machine, [...(groups.get(trial.machine) ?? []), trial]);
  }
  return [...groups.values()];
}

/** The machines of a study; one where it ran on one, whatever ran. */
export function machineShares(results: BenchResults): MachineShare[] {
  const groups = byMachine(results.trials);
  if (groups.length < 2) return [{ machine: results.machine, trials: results.trials }];
  return groups.map((trials) => ({ machine: machineNamed(results, trials[0]?.machine), trials }));
}

function machineNamed({ machine, machines = [] }: BenchResults, name?: string): MachineSummary {
  return [machine, ...machines].find((candidate) => candidate.name === name) ?? machine;
}

/** Every machine once, by name. */
export function distinctMachines(machines: readonly MachineSummary[]): MachineSummary[] {
  return [...new Map(machines.map((machine) => [machine.name, machine])).values()];
}
