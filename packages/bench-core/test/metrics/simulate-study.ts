import { createGenerator, nextUniform, type RandomGenerator } from '@dlcmp/contract';
import type { BenchResults, CompletedTrial } from '../../src/results/bench-results';
import { completedTrial, exampleResults } from '../results/example-results';

export interface SimulatedStudy {
  /** Number of the study: the same number gives the same study. */
  readonly study: number;
  readonly seeds: number;
  /** True training time of each network, in seconds; all else is alike. */
  readonly trainSeconds: readonly number[];
  /** Standard deviation of the logarithm of a time. */
  readonly noise: number;
  /** Share of the noise's variance that stays with a contender through all its runs. Default 0. */
  readonly correlation?: number;
  /**
   * `lasting`: it stays as long as the study does, the same in all times of a contender (the default). `lasting-by-figure`: another one
   * in each. `fading`: it wears off from run to run.
   */
  readonly memory?: 'lasting' | 'lasting-by-figure' | 'fading';
  /** Student's t with three degrees of freedom in the place of normal noise. Default false. */
  readonly heavyTails?: boolean;
  /** How many times as long one run in ten takes. Default 1. */
  readonly disturbance?: number;
  /** Whether a forest that trains 50 times as fast takes part. Default false. */
  readonly forest?: boolean;
  /** Of each network. Default: none is told. */
  readonly divisions?: readonly CompletedTrial['division'][];
}

type Times = readonly [train: number, inference: number, rest: number, latency: number];

/** Results whose truth is known: times around it, and a drift that hits a whole seed. */
export function simulateStudy(options: SimulatedStudy): BenchResults {
  const { study, seeds, trainSeconds, forest = false, divisions = [] } = options;
  const generator = createGenerator(study, 'study');
  const drifts = Array.from({ length: seeds }, () => Math.exp(0.2 * nextNormal(generator)));
  const truths = forest ? [...trainSeconds, trainSeconds[0]! / 50] : trainSeconds;
  const trials = truths.flatMap((truth, adapter) => {
    const runs = simulateRuns([truth, 1, 2, 5], options, generator);
    const family = adapter === trainSeconds.length ? 'forest' : 'cnn';
    return runs.map(([train, inference, rest, latency], index) => {
      const drift = drifts[index]!;
      return {
        ...trial(adapter, index + 1, train * drift),
        family,
        division: divisions[adapter],
        totalSeconds: (train + rest) * drift,
        inferenceSeconds: inference * drift,
        latency: { ...completedTrial.latency, p50Ms: latency * drift },
      } as const;
    });
  });
  return { ...exampleResults, trials };
}

/** A contender's times around the true ones, run by run. */
function simulateRuns(
  truth: Times,
  { seeds, noise, disturbance = 1, ...options }: SimulatedStudy,
  generator: RandomGenerator,
): Times[] {
  const lasting = nextNormal(generator);
  const noises = truth.map(() => correlatedNoise(seeds, lasting, options, generator));
  return Array.from({ length: seeds }, (_, run) => {
    const slowdown = nextUniform(generator) < 0.1 ? disturbance : 1;
    const times = truth.map(
      (value, figure) => value * slowdown * Math.exp(noise * noises[figure]![run]!),
    );
    return times as unknown as Times;
  });
}

/** Noise of variance 1 of each run of one contender's figure (the heavy-tailed one's is 3). */
function correlatedNoise(
  runs: number,
  lasting: number,
  { correlation = 0, memory = 'lasting', heavyTails = false }: Partial<SimulatedStudy>,
  generator: RandomGenerator,
): number[] {
  const draw = () => (heavyTails ? nextStudentT3(generator) : nextNormal(generator));
  if (memory === 'fading') {
    const noise = [draw()];
    const fresh = Math.sqrt(1 - correlation ** 2);
    while (noise.length < runs) noise.push(correlation * noise.at(-1)! + fresh * draw());
    return noise;
  }
  const stays = Math.sqrt(correlation) * (memory === 'lasting' ? lasting : draw());
  return Array.from({ length: runs }, () => stays + Math.sqrt(1 - correlation) * draw());
}

/** Results of `adapters` that get four of five test images right, whichever, in equal times. */
export function simulateEqualAccuracies(
  study: number,
  seeds: number,
  adapters: number,
): BenchResults {
  const generator = createGenerator(study, 'accuracies');
  const trials = Array.from({ length: seeds }, (_, index) =>
    Array.from({ length: adapters }, (_, adapter) => ({
      ...trial(adapter, index + 1, 10),
      ...predictions(generator),
    })),
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

/** A normal draw over the root of the mean square of three others. */
function nextStudentT3(generator: RandomGenerator): number {
  const squares = [0, 0, 0].map(() => nextNormal(generator) ** 2);
  return nextNormal(generator) / Math.sqrt(squares.reduce((sum, square) => sum + square) / 3);
}
