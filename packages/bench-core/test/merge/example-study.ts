import type { BenchResults, CompletedTrial } from '../../src/results/bench-results';
import { seedsOfShard } from '../../src/results/shard';
import { inScheduledOrder } from '../../src/run/schedule';
import { completedTrial, exampleResults } from '../results/example-results';

const CONTENDERS = ['cnn-a', 'cnn-b', 'cnn-c'];

let clock = Date.parse('2026-02-03T00:00:00Z');

/** A trial whose times are never the same twice, and whose other figures follow from adapter and seed. */
export function trialOf(adapter: string, seed: number, machine: string): CompletedTrial {
  clock += 1000;
  const accuracy = ((seed * 7 + adapter.charCodeAt(4)) % 10) / 10;
  return {
    ...completedTrial,
    ...{ adapter, seed, machine, accuracy, contender: `${adapter}:cpu` },
    startedAt: new Date(clock).toISOString(),
    trainSeconds: 10 + (clock % 977) / 100,
    totalSeconds: 0.5,
  };
}

export interface ExampleOptions {
  readonly seeds?: readonly number[];
  readonly adapters?: readonly string[];
  readonly shard?: BenchResults['shard'];
  readonly machine?: string;
}

/** A run of some contenders, as `runBench` leaves it. */
export function exampleStudy(options: ExampleOptions = {}): BenchResults {
  const { seeds = [1, 2, 3, 4, 5], adapters = CONTENDERS, shard, machine = 'node1' } = options;
  const summary = { ...exampleResults.machine, name: machine };
  const trials = seedsOfShard(seeds, shard).flatMap((seed) =>
    adapters.map((adapter) => trialOf(adapter, seed, machine)),
  );
  return {
    ...exampleResults,
    startedAt: trials[0]?.startedAt ?? '',
    configuration: {
      ...exampleResults.configuration,
      seeds,
      adapters: adapters.map((adapter) => ({ adapter, backend: 'cpu' })),
    },
    machine: summary,
    machines: [summary],
    ...(shard && { shard }),
    command: { version: '1.0.0', options: ['--data', 'my photos', '--seeds', '5'] },
    trials: inScheduledOrder(seeds, trials),
  };
}
