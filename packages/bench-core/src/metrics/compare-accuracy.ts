import type { CompletedTrial } from '../results/bench-results';
import type { AccuracyComparison } from './comparison';
import type { TrialPair } from './contender-pairs';
import { mcNemarTest } from './mcnemar';
import { meanInterval, zeroMeanPValue } from './mean-interval';
import { pairedBootstrap } from './paired-bootstrap';

/** What the two models of every seed say, before any verdict. */
export interface AccuracyFigures
  extends Pick<AccuracyComparison, 'difference' | 'seedInterval' | 'imageInterval' | 'perSeed'> {
  /** Null below two seeds. 1 where the images' interval holds zero: both must speak. */
  readonly pValue: number | null;
}

/** Compares accuracies of pairs of trials (at least one) on the test images with `labels`. */
export function compareAccuracy(
  pairs: readonly TrialPair[],
  labels: readonly number[],
): AccuracyFigures {
  const hits = pairs.map(([left, right]) => [hitsOf(left, labels), hitsOf(right, labels)] as const);
  const imageInterval = pairedBootstrap(imageDifferences(hits));
  const differences = pairs.map(([left, right]) => left.accuracy - right.accuracy);
  const { mean, halfWidth } = meanInterval(differences);
  const isWithinImageNoise = imageInterval.low <= 0 && imageInterval.high >= 0;
  return {
    difference: mean,
    seedInterval: halfWidth === null ? null : { low: mean - halfWidth, high: mean + halfWidth },
    imageInterval,
    perSeed: pairs.map(([{ seed }], index) => ({ seed, ...mcNemarTest(...hits[index]!) })),
    pValue: halfWidth === null ? null : isWithinImageNoise ? 1 : zeroMeanPValue(differences),
  };
}

function hitsOf({ predictedLabels }: CompletedTrial, labels: readonly number[]): boolean[] {
  return labels.map((label, image) => predictedLabels[image] === label);
}

/** Per image: the mean over seeds of left right (1 or 0) minus right right. */
function imageDifferences(
  hits: readonly (readonly [readonly boolean[], readonly boolean[]])[],
): Float64Array {
  const imageCount = hits[0]![0].length;
  return Float64Array.from({ length: imageCount }, (_, image) => {
    const differences = hits.map(([left, right]) => Number(left[image]) - Number(right[image]));
    return differences.reduce((sum, value) => sum + value, 0) / hits.length;
  });
}
