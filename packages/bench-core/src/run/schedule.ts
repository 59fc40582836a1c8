import { isDeepStrictEqual } from 'node:util';
import { createGenerator, nextUniform } from '@dlcmp/contract';
import type { TrialIdentity, TrialResult, TrialSettings } from '../results/bench-results';
import { seedsOfShard } from '../results/shard';
import type { BenchPlan, SelectedAdapter } from './bench-plan';
import { settingsOf } from './matrix';

/** One trial's place in the run. */
export interface TrialTurn {
  readonly selected: SelectedAdapter;
  readonly seed: number;
  /** Which of the seed's processes, from 1; absent = the first. */
  readonly repeat?: number;
  /** In a matrix, what it is run with. */
  readonly settings?: TrialSettings | undefined;
  /** From 1. */
  readonly position: number;
  readonly total: number;
}

type Turn = Omit<TrialTurn, 'position' | 'total'>;

/**
 * Trials in the order they run: seed by seed, and with `--repeats` several times over, all contenders each time, in random
 * order, so that what the machine does meanwhile falls on all alike. The order follows from seed and contender: one that
 * joins later stands where it would have stood.
 */
export function schedule(plan: BenchPlan): TrialTurn[] {
  const { repeats = 1 } = plan.configuration;
  const seeds = seedsOfShard(plan.configuration.seeds, plan.shard);
  const contenders = plan.adapters.flatMap((selected) =>
    settingsOf(plan, selected).map((settings) => ({ selected, settings })),
  );
  const rounds = Array.from({ length: repeats }, (_, index) => index + 1);
  const turns = seeds.flatMap((seed) =>
    rounds.flatMap((repeat) => inRandomOrder(contenders.map((one) => turn(one, seed, repeat)))),
  );
  return turns.map((each, index) => ({ ...each, position: index + 1, total: turns.length }));
}

function turn(contender: Pick<Turn, 'selected' | 'settings'>, seed: number, repeat: number): Turn {
  return { ...contender, seed, ...(repeat > 1 && { repeat }) };
}

function inRandomOrder(turns: readonly Turn[]): Turn[] {
  const places = new Map(turns.map((each) => [each, placesOf(each)]));
  return [...turns].sort((a, b) => {
    const [[group, own], [otherGroup, other]] = [places.get(a)!, places.get(b)!];
    return group - otherGroup || own - other;
  });
}

/** Of its group, and its own. */
function placesOf({ selected, ...each }: Turn): readonly [number, number] {
  const { adapter, backend, group } = selected;
  const own = placeInRound({ ...each, adapter: adapter.id, backend });
  return [group === undefined ? own : placeInRound({ ...each, adapter: group, backend }), own];
}

type TrialKey = Pick<TrialIdentity, 'adapter' | 'backend' | 'seed' | 'repeat' | 'settings'>;

/** 0–1: trials of one seed and repeat run in the order of this number. */
function placeInRound({ adapter, backend, seed, settings, repeat = 1 }: TrialKey): number {
  const contender = JSON.stringify([adapter, backend, settings]);
  return nextUniform(createGenerator(seed, `order/${contender}`, repeat));
}

/** As {@link schedule} has them, of trials that ran anywhere. */
export function inScheduledOrder(
  seeds: readonly number[],
  trials: readonly TrialResult[],
): TrialResult[] {
  const keys = new Map(
    trials.map((trial) => [
      trial,
      [seeds.indexOf(trial.seed), trial.repeat ?? 1, placeInRound(trial)] as const,
    ]),
  );
  return [...trials].sort((a, b) => {
    const [left, right] = [keys.get(a)!, keys.get(b)!];
    return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
  });
}

/** As the schedule has them: a resumed run's results are those of an unbroken one. */
export function inOrder(
  turns: readonly TrialTurn[],
  trials: readonly TrialResult[],
): TrialResult[] {
  const position = (result: TrialResult) => turns.findIndex((each) => isSameTrial(result, each));
  return [...trials].sort((a, b) => position(a) - position(b));
}

/** Whether `result` is of this turn. */
export function isSameTrial(result: TrialResult, { selected, ...each }: TrialTurn): boolean {
  const { adapter, backend } = selected;
  const isSameContender = result.adapter === adapter.id && result.backend === backend;
  const isSameRun = result.seed === each.seed && (result.repeat ?? 1) === (each.repeat ?? 1);
  return isSameContender && isSameRun && isDeepStrictEqual(result.settings, each.settings);
}
