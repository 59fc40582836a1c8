import type { AdamOptions } from './classifier';
import { assertArgument } from './errors';

/**
 * Fills in the defaults of {@link AdamOptions}.
 *
 * @throws `INVALID_ARGUMENT` where a setting is out of range
 */
export function resolveAdamOptions({
  learningRate = 1e-3,
  betas = [0.9, 0.999],
  epsilon = 1e-8,
}: AdamOptions): Required<AdamOptions> {
  assertArgument(
    Number.isFinite(learningRate) && learningRate > 0,
    `learningRate must be a number above 0, not ${learningRate}.`,
  );
  assertArgument(
    betas.length === 2 && betas.every((beta) => beta >= 0 && beta < 1),
    `betas must be two numbers, each at least 0 and below 1, not ${betas.join(', ')}.`,
  );
  assertArgument(
    Number.isFinite(epsilon) && epsilon > 0,
    `epsilon must be a number above 0, not ${epsilon}.`,
  );
  return { learningRate, betas, epsilon };
}
