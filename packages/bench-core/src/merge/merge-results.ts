import { isDeepStrictEqual } from 'node:util';
import { judgeTrials } from '../metrics/judge-trials';
import type { BenchConfiguration, BenchResults } from '../results/bench-results';
import { distinctMachines } from '../results/machines';
import { inScheduledOrder } from '../run/schedule';
import { assertMergeable } from './assert-mergeable';
import { mergeBlocks, type RepeatedBlock } from './merge-blocks';
import { mergeGates } from './merge-gates';
import { type MissingBlock, missingBlocks } from './missing-blocks';
import type { StudyPart } from './study-part';

export interface MergedStudy {
  readonly results: BenchResults;
  /** Blocks that were there more than once. */
  readonly repeated: readonly RepeatedBlock[];
  readonly missing: readonly MissingBlock[];
}

/**
 * Joins shards, extensions and machines of one study (at least one part): every value that no clock or gauge says is that of an
 * unbroken run, whatever the order of the parts.
 *
 * @param out folder that the results will be in, for the commands that run what is missing
 * @throws `INVALID_ARGUMENT` naming what keeps two folders apart, or contenders of one seed that ran on two machines
 */
export function mergeResults(parts: readonly StudyPart[], out: string): MergedStudy {
  assertMergeable(parts);
  const ordered = [...parts].sort((a, b) => a.results.startedAt.localeCompare(b.results.startedAt));
  const [first] = ordered.map(({ results }) => results) as [BenchResults];
  const configuration = joinConfigurations(ordered.map(({ results }) => results.configuration));
  const { trials, repeated } = mergeBlocks(ordered);
  const machines = distinctMachines(ordered.flatMap(({ results }) => results.machines ?? []));
  const ran = machines.filter(({ name }) => trials.some(({ machine }) => machine === name));
  const results = judgeTrials({
    schemaVersion: 1,
    startedAt: first.startedAt,
    configuration,
    dataset: first.dataset,
    machine: ran[0] ?? first.machine,
    ...(ran.length > 0 && { machines: ran }),
    ...(first.command && { command: first.command }),
    parityGate: mergeGates(ordered.map((part) => part.results.parityGate)),
    trials: inScheduledOrder(configuration.seeds, trials),
  });
  return { results, repeated, missing: missingBlocks(results, parts, out) };
}

/** With all seeds and all contenders, those of the part with most seeds first. */
function joinConfigurations(all: readonly BenchConfiguration[]): BenchConfiguration {
  const [longest] = [...all].sort((a, b) => b.seeds.length - a.seeds.length) as [
    BenchConfiguration,
  ];
  const tf32 = all.find((one) => one.tf32 !== undefined)?.tf32;
  return {
    ...longest,
    seeds: [...new Set([longest, ...all].flatMap(({ seeds }) => seeds))],
    adapters: [longest, ...all]
      .flatMap(({ adapters }) => adapters)
      .filter((one, at, list) => list.findIndex((two) => isDeepStrictEqual(one, two)) === at),
    ...(tf32 !== undefined && { tf32 }),
  };
}
