import * as z from 'zod/mini';

/** What a CNN's training left for comparing it with another's: see `training-agreement.ts`. */
export interface TrainingRecord {
  /** Loss of each step as `fit` reported it, of the first thousand. */
  readonly stepLosses: readonly number[];
  /** Where the weights were after each epoch. */
  readonly weights: readonly WeightJourney[];
}

/** Where weights are, seen from those that training began with, in units of the norm of these. */
export interface WeightJourney {
  /** Of the weights. */
  readonly count: number;
  /** |W - W₀| / |W₀| */
  readonly way: number;
  /** (W - W₀)·W₀ / |W₀|²: below 0 they have shrunk. */
  readonly along: number;
  /** Sums over parts of W - W₀, by which two journeys' distance is estimated. */
  readonly sketch: readonly number[];
}

export const trainingRecordSchema = z.object({
  stepLosses: z.array(z.number()),
  weights: z.array(
    z.object({
      count: z.int().check(z.minimum(0)),
      way: z.number(),
      along: z.number(),
      sketch: z.array(z.number()),
    }),
  ),
});
