import { isDeepStrictEqual } from 'node:util';
import { DlcmpError } from '@dlcmp/contract';
import type { TrialResult } from '../results/bench-results';
import type { StudyPart } from './study-part';

/** What one folder has of one seed: all of it ran on one machine. */
interface Block {
  readonly seed: number;
  readonly directory: string;
  readonly trials: readonly TrialResult[];
}

/** A seed's block that several folders hold. */
export interface RepeatedBlock {
  readonly seed: number;
  /** Folder whose trials are in the merged results. */
  readonly kept: string;
  /** Folders whose trials are not. */
  readonly dropped: readonly string[];
}

export interface MergedBlocks {
  readonly trials: readonly TrialResult[];
  readonly repeated: readonly RepeatedBlock[];
}

/**
 * Each seed's block once, the one that was completed first; other folders' contenders that it has not are added, where they ran on
 * its machine.
 *
 * @throws `INVALID_ARGUMENT` where contenders of one seed ran on two machines
 */
export function mergeBlocks(parts: readonly StudyPart[]): MergedBlocks {
  const blocks = parts.flatMap(blocksOf);
  const seeds = [...new Set(blocks.map(({ seed }) => seed))];
  const merged = seeds.map((seed) => mergeSeed(blocks.filter((block) => block.seed === seed)));
  return {
    trials: merged.flatMap(({ trials }) => trials),
    repeated: merged.flatMap(({ repeated }) => repeated),
  };
}

function blocksOf({ directory, results: { trials } }: StudyPart): Block[] {
  const seeds = [...new Set(trials.map(({ seed }) => seed))];
  return seeds.map((seed) => {
    const own = trials.filter((trial) => trial.seed === seed);
    assertOneMachine(own, () => directory);
    return { seed, directory, trials: own };
  });
}

function mergeSeed(blocks: readonly Block[]): MergedBlocks {
  const [base, ...others] = [...blocks].sort(bestFirst) as [Block, ...Block[]];
  let trials = base.trials;
  const dropped: string[] = [];
  for (const { directory, trials: candidates } of others) {
    const missing = candidates.filter((one) => !trials.some((kept) => isSameContender(kept, one)));
    if (missing.length < candidates.length) dropped.push(directory);
    // What was run twice and broke off somewhere else has nothing to add to a block.
    if (missing.length < candidates.length && missing[0]?.machine !== base.trials[0]?.machine)
      continue;
    trials = [...trials, ...missing];
    assertOneMachine(trials, () => `${base.directory} and ${directory}`);
  }
  const { seed, directory: kept } = base;
  return { trials, repeated: dropped.length === 0 ? [] : [{ seed, kept, dropped }] };
}

/** The one with most that completed, of equals the one that was done first. */
function bestFirst(left: Block, right: Block): number {
  const byCount = completedIn(right) - completedIn(left);
  return byCount || endOf(left).localeCompare(endOf(right));
}

function completedIn({ trials }: Block): number {
  return trials.filter(({ status }) => status === 'completed').length;
}

/** ISO 8601, of the last trial to end. */
function endOf({ trials }: Block): string {
  const ends = trials.map(({ startedAt, totalSeconds }) =>
    startedAt === undefined ? 0 : Date.parse(startedAt) + totalSeconds * 1000,
  );
  return new Date(Math.max(...ends)).toISOString();
}

function isSameContender(left: TrialResult, right: TrialResult): boolean {
  return (
    left.adapter === right.adapter &&
    left.backend === right.backend &&
    (left.repeat ?? 1) === (right.repeat ?? 1) &&
    isDeepStrictEqual(left.settings, right.settings)
  );
}

function assertOneMachine(trials: readonly TrialResult[], where: () => string): void {
  const other = trials.find(({ machine }) => machine !== trials[0]?.machine);
  if (!other) return;
  const [first] = trials as [TrialResult];
  const name = ({ contender, adapter, machine }: TrialResult) =>
    `${contender ?? adapter} on ${machine ?? 'a machine without a name'}`;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `Seed ${first.seed} ran on two machines: ${name(first)}, ${name(other)} (${where()}). Machines differ by more than contenders do, so that those of one seed belong on one machine: run the ones again on the machine of the others.`,
  );
}
