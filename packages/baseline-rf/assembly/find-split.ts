import { bestPossibleScore, nodeWeight, presentClasses } from './node-classes';
import { nextBelow } from './random';
import { drawSplit } from './random-split';
import { bestScore, forgetSplit } from './split';
import { MAX_VECTOR_CLASSES, MAX_VECTOR_WEIGHT, prepareVectors } from './vector-histogram';
import { sweepVectors } from './vector-sweep';
import { sweepWeights } from './weight-sweep';
import { featureCount, features } from './workspace';

let maxFeatures: u32 = 0;
let isRandom: bool = false;
let isWeighted: bool = false;

export function configureSearch(maximum: u32, random: bool, weighted: bool): void {
  maxFeatures = maximum;
  isRandom = random;
  isWeighted = weighted;
}

/**
 * Looks for the best split of the samples from `start` to `end` among `maxFeatures` features,
 * drawn without replacement; a feature in which the samples agree does not count. Stops early at a
 * split that none can beat: since the first of equals is kept, the result is the same.
 *
 * @returns whether there is one, in `bestFeature` and `bestValue`
 */
export function findSplit(start: u32, end: u32): bool {
  const usesVectors = canUseVectors();
  if (usesVectors) prepareVectors(start, end);
  const target = bestPossibleScore();
  forgetSplit();
  let tried: u32 = 0;
  for (let drawn: u32 = 0; drawn < featureCount && tried < maxFeatures; drawn++) {
    const feature = drawFeature(drawn);
    const differs = isRandom
      ? drawSplit(feature, start, end)
      : usesVectors
        ? sweepVectors(feature, start, end)
        : sweepWeights(feature, start, end);
    if (differs) tried++;
    if (bestScore >= target) break;
  }
  return bestScore > 0;
}

function canUseVectors(): bool {
  return (
    !isRandom &&
    !isWeighted &&
    presentClasses <= MAX_VECTOR_CLASSES &&
    nodeWeight <= MAX_VECTOR_WEIGHT
  );
}

/** The next step of a Fisher–Yates shuffle, which goes on from the previous node's order. */
function drawFeature(drawn: u32): u32 {
  const at = features + (drawn + nextBelow(featureCount - drawn)) * 4;
  const feature = load<u32>(at);
  const front = features + drawn * 4;
  store<u32>(at, load<u32>(front));
  store<u32>(front, feature);
  return feature;
}
