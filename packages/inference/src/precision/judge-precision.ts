import { mcNemarTest } from '@dlcmp/bench-core';
import type { PrecisionVerdict } from '@dlcmp/bench-core/results';

/** Of float32's accuracy that a model in fewer bits must keep: MLPerf Inference's rule for its default targets. */
export const KEPT_SHARE = 0.99;

/** Below it, images that only one got right are no chance. */
const SIGNIFICANCE = 0.05;

/** What the two models' hits say. */
export type PrecisionJudgement = Omit<PrecisionVerdict, 'model' | 'reference' | 'precision'>;

/**
 * Whether a model in fewer bits is as good as the one in float32 (MLPerf Inference Rules, "Quality": 99% of the reference's accuracy). A
 * shortfall is `lost` where McNemar's test says that it is no chance, else `undecided`: more images would tell.
 *
 * @param reference whether the model in float32 is right about each image
 */
export function judgePrecision(
  reference: readonly boolean[],
  variant: readonly boolean[],
): PrecisionJudgement {
  const test = mcNemarTest(reference, variant);
  const [referenceAccuracy, accuracy] = [shareOf(reference), shareOf(variant)];
  const isKept = accuracy >= KEPT_SHARE * referenceAccuracy;
  const verdict = isKept ? 'kept' : test.pValue < SIGNIFICANCE ? 'lost' : 'undecided';
  return { ...test, accuracy, referenceAccuracy, verdict };
}

function shareOf(hits: readonly boolean[]): number {
  return hits.filter(Boolean).length / hits.length;
}
