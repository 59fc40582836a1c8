import { assertArgument } from '@dlcmp/contract';

/**
 * How many features are candidates: their square root or binary logarithm, all of them (`null`), a
 * share below 1, or a count from 1.
 */
export type MaxFeatures = 'sqrt' | 'log2' | null | number;

/**
 * The count that `maxFeatures` means among `featureCount`: rounded down, at least 1, as
 * scikit-learn does.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function countFeatures(maxFeatures: MaxFeatures, featureCount: number): number {
  if (maxFeatures === null) return featureCount;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(featureCount)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(featureCount)));
  const isShare = maxFeatures > 0 && maxFeatures < 1;
  assertArgument(
    isShare || (Number.isInteger(maxFeatures) && maxFeatures >= 1 && maxFeatures <= featureCount),
    `maxFeatures must be "sqrt", "log2", null, a share between 0 and 1, or a count from 1 to ${featureCount}, not ${maxFeatures}.`,
  );
  return isShare ? Math.max(1, Math.floor(maxFeatures * featureCount)) : maxFeatures;
}
