import { createGenerator, nextUniform, type RandomGenerator } from '@dlcmp/contract';
import type { BenchResults, CompletedTrial } from '../../src/results/bench-results';
import { completedTrial, exampleResults } from '../results/example-results';

export interface SimulatedStudy {
  /** Number of the study: the same number gives the same study. */
  readonly study: number;
  readonly seeds: number;
  /** True training time of each adapter, in seconds; all else is alike. */
  readonly trainSeconds: readonly number[];
  /** Standard deviation of the logarithm of a time. */
  readonly noise: number;
}

/** Results whose truth is known: log-normal times around it, and a drift that hits a whole seed. */
export function simulateStudy({ study, seeds, trainSeconds, noise }: SimulatedStudy): BenchResults {
  const generator = createGenerator(study, 'study');
  const trials = Array.from({ length: seeds }, (_, index) => {
    const drift = Math.exp(0.2 * nextNormal(generator));
    const around = (truth: number) => truth * drift * Math.exp(noise * nextNormal(generator));
    return trainSeconds.map((truth, adapter) => {
      const train = around(truth);
      return {
        ...trial(adapter, index + 1, train),
        totalSeconds: train + around(2),
        inferenceSeconds: around(1),
        latency: { ...completedTrial.latency, p50Ms: around(5) },
        ...predictions(generator),
      };
    });
  });
  return { ...exampleResults, trials: trials.flat() };
}

/** Results of two adapters that get four of five test images right, whichever, in equal times. */
export function simulateEqualAccuracies(study: number, seeds: number): BenchResults {
  const generator = createGenerator(study, 'accuracies');
  const trials = Array.from({ length: seeds }, (_, index) =>
    [0, 1].map((adapter) => ({ ...trial(adapter, index + 1, 10), ...predictions(generator) })),
  );
  const dataset = { ...exampleResults.dataset, testImages };
  return { ...exampleResults, dataset, trials: trials.flat() };
}

const TEST_IMAGES = 20;
const testImages = Array.from({ length: TEST_IMAGES }, (_, image) => ({
  relativePath: `${image}.png`,
  label: 0,
}));

function predictions(generator: RandomGenerator) {
  const predictedLabels = testImages.map(() => Number(nextUniform(generator) > 0.8));
  const wrong = predictedLabels.reduce((sum, label) => sum + label, 0);
  return { predictedLabels, accuracy: 1 - wrong / TEST_IMAGES };
}

/** A completed trial of the adapter with this number. */
export function trial(adapter: number, seed: number, trainSeconds: number): CompletedTrial {
  const name = String.fromCharCode(65 + adapter);
  return { ...completedTrial, adapter: name, displayName: name, seed, trainSeconds };
}

/** Box and Muller's transform of two uniform draws. */
function nextNormal(generator: RandomGenerator): number {
  const radius = Math.sqrt(-2 * Math.log(1 - nextUniform(generator)));
  return radius * Math.cos(2 * Math.PI * nextUniform(generator));
}
