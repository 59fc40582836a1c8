import { assertArgument } from '@dlcmp/contract';
import type { MaxFeatures } from '../max-features';

/** Settings of the engine `ml-random-forest`. */
export interface MlRandomForestOptions {
  /** Trees. Default 100. */
  readonly nEstimators?: number;
  /** Features that a tree may split on, drawn once a tree. Default `sqrt`. */
  readonly maxFeatures?: MaxFeatures;
  /** Levels of splits. Default unlimited (`null`): trees grow until their leaves are pure. */
  readonly maxDepth?: number | null;
  /**
   * Training images that a tree sees, drawn with replacement; no more than there are. Default 128:
   * the time of one tree grows with the square of it, or faster.
   */
  readonly rowsPerTree?: number;
}

/** {@link MlRandomForestOptions} with the defaults filled in; throws `INVALID_ARGUMENT`. */
export function resolveMlRandomForestOptions(
  options: MlRandomForestOptions,
): Required<MlRandomForestOptions> {
  const { nEstimators = 100, maxFeatures = 'sqrt', maxDepth = null, rowsPerTree = 128 } = options;
  for (const [name, value] of Object.entries({ nEstimators, maxDepth, rowsPerTree })) {
    assertArgument(
      (value === null && name === 'maxDepth') || (Number.isInteger(value) && Number(value) >= 1),
      `${name} must be a whole number ≥ 1, not ${value}.`,
    );
  }
  return { nEstimators, maxFeatures, maxDepth, rowsPerTree };
}
