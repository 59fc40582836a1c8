import * as z from 'zod/mini';
import type { BenchConfiguration } from './bench-results';
import type { CompletedTrial, TrialError } from './trial-result';

/** What is measured of a trial's saved model in processes of their own, where it is asked for: `--scenario`. */
export const SCENARIOS = ['soak', 'server', 'deployment'] as const;

export type Scenario = (typeof SCENARIOS)[number];

/** What a scenario measured, or why it could not; the trial itself is none the worse for it. */
export type ScenarioOutcome<T> =
  | ({ readonly status: 'completed' } & T)
  | { readonly status: 'failed'; readonly error: TrialError };

/** Scenarios that `configuration` asks for and that `trial` still owes: an interruption came before their end. */
export function owedScenarios(
  { scenarios = [], seeds }: Pick<BenchConfiguration, 'scenarios' | 'seeds'>,
  trial: CompletedTrial,
): Scenario[] {
  // Sizes and starts do not depend on the seed: one trial of a contender tells.
  const isFirst = trial.seed === seeds[0] && (trial.repeat ?? 1) === 1;
  return SCENARIOS.filter((scenario) => {
    const isDue = scenarios.includes(scenario) && (scenario !== 'deployment' || isFirst);
    return isDue && isOwed(trial[scenario]);
  });
}

function isOwed(outcome: ScenarioOutcome<object> | undefined): boolean {
  return !outcome || (outcome.status === 'failed' && isInterrupted(outcome.error));
}

/** Whether it was stopped from outside, and not by what it did. */
export function isInterrupted({ code }: TrialError): boolean {
  return code === 'ABORTED';
}

export const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  exitCode: z.nullable(z.int()),
  signal: z.nullable(z.string()),
  stderrTail: z.string(),
});

/** The schema of a {@link ScenarioOutcome}. */
export function outcomeSchema<S extends z.core.$ZodShape>(measurement: z.ZodMiniObject<S>) {
  return z.discriminatedUnion('status', [
    z.object({ status: z.literal('completed'), ...measurement.shape }),
    z.object({ status: z.literal('failed'), error: errorSchema }),
  ]);
}
