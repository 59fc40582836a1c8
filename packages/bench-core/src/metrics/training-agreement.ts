import type { BenchConfiguration, CompletedTrial } from '../results/bench-results';
import type { Check } from '../results/checks';
import type { TrainingRecord, WeightJourney } from '../results/training-record';
import {
  type AgreementLimits,
  agreementLimits,
  FIRST_STEPS,
  LEAST_DISTANCE,
  SHRINKAGE_LIMIT,
  WAY_LIMIT,
} from './agreement-limits';

/** A CNN's trial that recorded its training. */
export type WatchedTrial = CompletedTrial & { readonly training: TrainingRecord };

/** How far two trials are apart in one respect, at the place where they are furthest beyond or nearest to the limit. */
export interface Divergence {
  readonly figure: number;
  readonly limit: number;
  /** `step 8`, `epoch 2` */
  readonly place: string;
}

interface AgreementDefinition {
  readonly id: string;
  readonly proves: string;
  /** Every figure that two trials have, in their order. */
  divergences(left: WatchedTrial, right: WatchedTrial, facts: Facts): Divergence[];
}

interface Facts {
  readonly limits: AgreementLimits;
  readonly stepsPerEpoch: number;
}

/** What contenders that train by the same plan must have in common. */
const AGREEMENTS: readonly AgreementDefinition[] = [
  {
    id: 'first-losses',
    proves: `The first ${FIRST_STEPS} steps have the losses that the other contenders' have.`,
    divergences: (...trials) => stepLosses(...trials).slice(0, FIRST_STEPS),
  },
  {
    id: 'losses',
    proves:
      'The mean loss of the training so far is that of the other contenders, as far as rounding lets it.',
    divergences: (...trials) => [
      ...stepLosses(...trials).slice(FIRST_STEPS),
      ...epochLosses(...trials),
    ],
  },
  {
    id: 'weights',
    proves: "Training leads to the other contenders' weights, as far as rounding lets it.",
    divergences: (left, right, { limits, stepsPerEpoch }) =>
      journeys(left, right, (one, other, epoch) => ({
        figure: distance(one, other) / Math.max(one.way, other.way),
        limit: limits.distance(epoch * stepsPerEpoch),
      })),
  },
  {
    id: 'weights-way',
    proves: 'Updates are as large as the other contenders’: what differs is where rounding leads.',
    divergences: (left, right) =>
      journeys(left, right, (one, other) => ({
        figure: Math.abs(one.way - other.way) / apart(one, other),
        limit: WAY_LIMIT,
      })),
  },
  {
    id: 'weights-shrinkage',
    proves: 'Weights decay no more and no less than the other contenders’.',
    divergences: (left, right) =>
      journeys(left, right, (one, other) => ({
        figure: (Math.abs(one.along - other.along) / apart(one, other)) * Math.sqrt(one.count),
        limit: SHRINKAGE_LIMIT,
      })),
  },
];

export const AGREEMENT_IDS: ReadonlySet<string> = new Set(AGREEMENTS.map(({ id }) => id));

/**
 * Holds trials of one seed and the same settings against one another.
 *
 * @returns the checks of each, in their order
 */
export function agreementChecks(
  trials: readonly WatchedTrial[],
  configuration: BenchConfiguration,
): Check[][] {
  const checks: Check[][] = trials.map(() => []);
  if (trials.length < 2) return checks;
  const limits = agreementLimits(configuration);
  for (const definition of AGREEMENTS) {
    const table = trials.map((left) =>
      trials.map((right) => {
        const { batchSize } = left.settings ?? configuration;
        const stepsPerEpoch = Math.ceil(left.trainCount / (batchSize ?? left.trainCount));
        return worst(definition.divergences(left, right, { limits, stepsPerEpoch }));
      }),
    );
    verdicts(table, trials.map(isCredible)).forEach(({ passed, against, how }, index) => {
      const divergence = against === undefined ? undefined : table[index]?.[against];
      if (!divergence) return;
      const { figure, limit, place } = divergence;
      const {
        adapter,
        backend,
        contender = `${adapter}:${backend}`,
      } = trials[against as number] as WatchedTrial;
      checks[index]?.push({
        ...{ id: definition.id, proves: definition.proves, passed, limit },
        figure: Number.isFinite(figure) ? figure : null,
        detail: `${place}, ${how} ${contender}`,
      });
    });
  }
  return checks;
}

interface AgreementVerdict {
  readonly passed: boolean;
  /** Index of the trial whose distance is told, where there is one to be told. */
  readonly against: number | undefined;
  readonly how: string;
}

/** Whether the gate, which has a reference, found nothing wrong: nobody is held against what is. */
function isCredible({ checks = [] }: WatchedTrial): boolean {
  return checks.every(({ id, passed }) => passed || id !== 'gate');
}

/**
 * Who agrees with most of the credible others speaks for all; whoever is beyond the limit from there has failed. Where no one has more
 * on its side than any other that it disagrees with, as of two that differ, nobody knows who is right, and all have failed. Where
 * none is credible, all have a say.
 */
function verdicts(
  table: readonly (readonly (Divergence | undefined)[])[],
  credible: readonly boolean[],
): AgreementVerdict[] {
  const agrees = (left: number, right: number) =>
    left === right || share(table[left]?.[right]) <= 1;
  const all = table.map((_, index) => index);
  const voters = credible.includes(true) ? all.filter((index) => credible[index]) : all;
  const support = (index: number) => voters.filter((voter) => agrees(index, voter)).length;
  const most = Math.max(...voters.map(support));
  const centre = voters.find((index) => support(index) === most) as number;
  const isRivalled = voters.some((index) => support(index) === most && !agrees(centre, index));
  return all.map((index) => {
    const others = all.filter((other) => other !== index);
    const byShare = [...others].sort((a, b) => share(table[index]?.[a]) - share(table[index]?.[b]));
    if (isRivalled) {
      const against = byShare.find((other) => !agrees(index, other)) ?? (byShare.at(-1) as number);
      return { passed: false, against, how: 'as many say otherwise, the nearest being' };
    }
    if (index !== centre) return { passed: agrees(centre, index), against: centre, how: 'against' };
    const within = byShare.filter((other) => agrees(index, other));
    return { passed: true, against: within.at(-1), how: 'against' };
  });
}

/** 1 = at the limit. */
function share(divergence: Divergence | undefined): number {
  if (!divergence) return 0;
  const { figure, limit } = divergence;
  return Number.isNaN(figure) ? Number.POSITIVE_INFINITY : figure / limit;
}

function worst(divergences: readonly Divergence[]): Divergence | undefined {
  return divergences.reduce<Divergence | undefined>(
    (top, next) => (top && share(top) >= share(next) ? top : next),
    undefined,
  );
}

/** Of the mean losses up to each step that both recorded. */
function stepLosses(left: WatchedTrial, right: WatchedTrial, { limits }: Facts): Divergence[] {
  let [sum, other] = [0, 0];
  const count = Math.min(left.training.stepLosses.length, right.training.stepLosses.length);
  return Array.from({ length: count }, (_, index) => {
    sum += left.training.stepLosses[index] as number;
    other += right.training.stepLosses[index] as number;
    return {
      figure: relative(sum, other),
      limit: limits.meanLoss(index + 1),
      place: `step ${index + 1}`,
    };
  });
}

/** Of the mean losses up to the end of each epoch. */
function epochLosses(
  left: WatchedTrial,
  right: WatchedTrial,
  { limits, stepsPerEpoch }: Facts,
): Divergence[] {
  let [sum, other] = [0, 0];
  const count = Math.max(left.epochs.length, right.epochs.length);
  return Array.from({ length: count }, (_, index) => {
    sum += left.epochs[index]?.trainLoss ?? Number.NaN;
    other += right.epochs[index]?.trainLoss ?? Number.NaN;
    const limit = limits.meanLoss((index + 1) * stepsPerEpoch);
    return { figure: relative(sum, other), limit, place: `epoch ${index + 1}` };
  });
}

function journeys(
  left: WatchedTrial,
  right: WatchedTrial,
  compare: (one: WeightJourney, other: WeightJourney, epoch: number) => Omit<Divergence, 'place'>,
): Divergence[] {
  return left.training.weights.flatMap((one, index) => {
    const other = right.training.weights[index];
    if (!other || one.count !== other.count) return [];
    return [{ ...compare(one, other, index + 1), place: `epoch ${index + 1}` }];
  });
}

/** In units of the first weights' norm. */
function distance(one: WeightJourney, other: WeightJourney): number {
  return Math.hypot(...one.sketch.map((sum, at) => sum - (other.sketch[at] as number)));
}

/** A loss to divide by. */
const LEAST_LOSS = 1e-9;

/** A distance to divide by. */
function apart(one: WeightJourney, other: WeightJourney): number {
  return Math.max(distance(one, other), LEAST_DISTANCE * Math.max(one.way, other.way));
}

function relative(left: number, right: number): number {
  return Math.abs(left - right) / Math.max(LEAST_LOSS, Math.min(Math.abs(left), Math.abs(right)));
}
