import { assertThreads, bytesPerImage, type FitSummary } from '@dlcmp/contract';
import type { ForestEngine } from '../forest-engine';
import { countFeatures } from '../max-features';
import { type RandomForestParameters, resolveParameters } from './parameters';
import { RandomForestClassifier } from './random-forest-classifier';

/** Settings of the engine `exact`; the seed is the spec's. */
export type ExactOptions = Omit<RandomForestParameters, 'seed'>;

/**
 * Forests grown by this package's own {@link RandomForestClassifier}.
 *
 * @param threads default: as many as can run at once
 * @throws `INVALID_ARGUMENT`
 */
export function createExactEngine(
  options: ExactOptions,
  threads?: number,
): ForestEngine<RandomForestClassifier> {
  const parameters = resolveParameters(options);
  assertThreads(threads);
  return {
    name: 'exact',
    async fit(spec, { pixels, labels }, fitOptions) {
      const forest = new RandomForestClassifier({ ...parameters, seed: spec.seed });
      await forest.fit(pixels, labels, {
        ...fitOptions,
        classCount: spec.classNames.length,
        ...(threads !== undefined && { threads }),
      });
      return { forest, summary: summarize(forest, bytesPerImage(spec)) };
    },
    load: (spec, directory) =>
      RandomForestClassifier.load(directory, { ...parameters, seed: spec.seed }),
  };
}

function summarize(forest: RandomForestClassifier, featureCount: number): FitSummary {
  const { parameters, treeSizes, oobScore } = forest;
  const mean = (of: (size: { nodeCount: number; depth: number }) => number) =>
    Math.round(treeSizes.reduce((sum, size) => sum + of(size), 0) / treeSizes.length);
  return {
    details: {
      engine: 'exact',
      trees: parameters.nEstimators,
      featuresPerSplit: countFeatures(parameters.maxFeatures, featureCount),
      maxDepth: parameters.maxDepth ?? 'unlimited',
      minSamplesLeaf: parameters.minSamplesLeaf,
      bootstrap: parameters.bootstrap,
      classWeight: [parameters.classWeight ?? 'none'].flat().join(', '),
      splitter: parameters.splitter,
      meanNodes: mean(({ nodeCount }) => nodeCount),
      meanDepth: mean(({ depth }) => depth),
      ...(oobScore !== undefined && { oobScore }),
    },
    notes: [],
  };
}
