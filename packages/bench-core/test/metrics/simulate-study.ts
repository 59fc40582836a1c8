import { createGenerator, nextUniform, type RandomGenerator } from '../../src/contract';
import type { BenchResults, CompletedTrial } from '../../src/results/bench-results';
import { completedTrial, exampleResults } from '../results/example-results';

export interface SimulatedStudy {
  /** Number of the study: the same number gives the same study. */
  readonly study: number;
  readonly seeds: number;
  /** True training time of each adapter, in seconds. */
  readonly trainSeconds: readonly number[];
  /** Standard deviation of the logarithm of a time. */
  readonly noise: number;
}

/** Results whose truth is known: log-normal times around it, and a drift that hits a whole seed. */
export function simulateStudy({ study, seeds, trainSeconds, noise }: SimulatedStudy): BenchResults {
  const generator = createGenerator(study, 'study');
  const trials = Array.from({ length: seeds }, (_, index) => {
    const drift = Math.exp(0.2 * nextNormal(generator));
    return trainSeconds.map((truth, adapter) =>
      trial(adapter, index + 1, truth * drift * Math.exp(noise * nextNormal(generator))),
    );
  });
  return { ...exampleResults, trials: trials.flat() };
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
