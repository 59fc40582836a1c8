import * as z from 'zod/mini';
import type { TrialError } from './trial-result';

/** What is measured of a trial's saved model in processes of their own, where it is asked for: `--scenario`. */
export const SCENARIOS = ['soak', 'server', 'deployment'] as const;

export type Scenario = (typeof SCENARIOS)[number];

/** What a scenario measured, or why it could not; the trial itself is none the worse for it. */
export type ScenarioOutcome<T> =
  | ({ readonly status: 'completed' } & T)
  | { readonly status: 'failed'; readonly error: TrialError };

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
