import * as z from 'zod/mini';

/** One thing that was checked about a contender: what it proves, and how near to its limit it came. */
export interface Check {
  /** Stable, kebab-case: `saved-model`. */
  readonly id: string;
  /** What holds where it passed, in a sentence. */
  readonly proves: string;
  readonly passed: boolean;
  /** What was measured, in the limit's unit; null = nothing that is a finite number. */
  readonly figure: number | null;
  /** The check passes up to here; null = it is no matter of degree. */
  readonly limit: number | null;
  /** What a reader needs besides, such as the step or the other contender. */
  readonly detail?: string | undefined;
}

export const checkSchema = z.object({
  id: z.string(),
  proves: z.string(),
  passed: z.boolean(),
  figure: z.nullable(z.number()),
  limit: z.nullable(z.number()),
  detail: z.optional(z.string()),
});
