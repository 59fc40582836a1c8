import { assertArgument, assertSeed } from '@dlcmp/contract';
import type { MaxFeatures } from '../max-features';

/**
 * How much a sample of each class counts: all the same (`null`), as much as makes the classes equal
 * (`balanced`: samples / (classes × samples of the class)), or one positive number a class.
 */
export type ClassWeight = null | 'balanced' | readonly number[];

/** Settings of a random forest, by scikit-learn's names. */
export interface RandomForestParameters {
  /** Trees. Default 100. */
  readonly nEstimators?: number;
  /** Features tried at each split, drawn afresh; one in which all agree does not count. Default `sqrt`. */
  readonly maxFeatures?: MaxFeatures;
  /** Levels of splits. Default unlimited (`null`): trees grow until their leaves are pure. */
  readonly maxDepth?: number | null;
  /** Samples that both sides of a split must keep. Default 1. */
  readonly minSamplesLeaf?: number;
  /** Whether each tree sees as many samples as there are, drawn with replacement. Default true. */
  readonly bootstrap?: boolean;
  /** Default `null`. */
  readonly classWeight?: ClassWeight;
  /**
   * `best`: the best split of each feature tried. `random`: one split of each, drawn at random
   * (Geurts, Ernst and Wehenkel 2006, "Extremely randomized trees"). Default `best`.
   */
  readonly splitter?: 'best' | 'random';
  /** Whether `fit` also scores the forest on the samples that each tree has not seen. Default false. */
  readonly oobScore?: boolean;
  /** 32-bit unsigned. The same seed and samples give the same forest. Default 0. */
  readonly seed?: number;
}

const DEFAULTS: Required<RandomForestParameters> = {
  nEstimators: 100,
  maxFeatures: 'sqrt',
  maxDepth: null,
  minSamplesLeaf: 1,
  bootstrap: true,
  classWeight: null,
  splitter: 'best',
  oobScore: false,
  seed: 0,
};

/** `parameters` with the defaults filled in; throws `INVALID_ARGUMENT`. */
export function resolveParameters(
  parameters: RandomForestParameters,
): Required<RandomForestParameters> {
  const resolved = { ...DEFAULTS, ...parameters };
  assertCount('nEstimators', resolved.nEstimators);
  assertCount('minSamplesLeaf', resolved.minSamplesLeaf);
  if (resolved.maxDepth !== null) assertCount('maxDepth', resolved.maxDepth);
  assertArgument(
    resolved.splitter === 'best' || resolved.splitter === 'random',
    `splitter must be "best" or "random", not "${resolved.splitter}".`,
  );
  assertArgument(
    !resolved.oobScore || resolved.bootstrap,
    'oobScore needs bootstrap: without it, every tree sees every sample.',
  );
  assertSeed(resolved.seed);
  return resolved;
}

function assertCount(name: string, value: number): void {
  assertArgument(
    Number.isInteger(value) && value >= 1,
    `${name} must be a whole number ≥ 1, not ${value}.`,
  );
}

/**
 * The weight of a sample of each class: [classes].
 *
 * @throws `INVALID_ARGUMENT` unless there is one positive number a class
 */
export function weighClasses(
  classWeight: ClassWeight,
  labels: Int32Array,
  classCount: number,
): Float64Array {
  if (classWeight === null) return new Float64Array(classCount).fill(1);
  if (classWeight === 'balanced') return balancedWeights(labels, classCount);
  assertArgument(
    classWeight.length === classCount && classWeight.every((weight) => weight > 0),
    `classWeight must be null, "balanced" or ${classCount} positive numbers.`,
  );
  return Float64Array.from(classWeight);
}

function balancedWeights(labels: Int32Array, classCount: number): Float64Array {
  const counts = new Float64Array(classCount);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? labels.length / (present * count) : 1));
}
