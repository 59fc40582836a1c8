import { createTrainingPlan } from '@dlcmp/contract';
import type { Check } from '../../results/checks';
import type { GateOutcome, ReportedStep } from './gate-outcome';
import type { GatePlan } from './gate-plan';

/** Between probabilities that one network in float32 gives for one image. */
const PROBABILITY_LIMIT = 1e-4;
/** Between the mean of an epoch's losses and the mean that was reported. */
const MEAN_LIMIT = 1e-4;

/** What a contender is held to by itself. */
export function selfChecks(outcome: GateOutcome, plan: GatePlan): Check[] {
  return [
    stepsCheck(outcome, plan),
    ...meanChecks(outcome, plan),
    ...frozenCheck(outcome),
    ...answerChecks(outcome),
  ];
}

function stepsCheck({ fits }: GateOutcome, plan: GatePlan): Check {
  const wanted = expectedSteps(plan);
  const steps = fits.timed?.steps ?? [];
  const total = wanted.length;
  const right = wanted.filter(({ epoch }, at) => {
    const step = steps[at];
    return step?.completed === at + 1 && step.total === total && (step.epoch ?? epoch) === epoch;
  }).length;
  return check(
    { id: 'steps', proves: 'fit reports every step of every epoch, each once' },
    total - right + Math.max(0, steps.length - total),
    0,
    `${steps.length} steps of ${total}`,
  );
}

function frozenCheck({ fits }: GateOutcome): Check[] {
  const change = fits.timed?.frozenChange;
  if (change === undefined) return [];
  const row = { id: 'frozen-weights', proves: 'layers that are not trained stay as they were' };
  return [check(row, change, 0)];
}

function expectedSteps({ training, batchSize, trainCount }: GatePlan): { epoch: number }[] {
  const perEpoch = Math.ceil(trainCount / batchSize);
  const { epochs = 1 } = training;
  return Array.from({ length: epochs * perEpoch }, (_, at) => ({
    epoch: 1 + Math.floor(at / perEpoch),
  }));
}

function meanChecks({ fits }: GateOutcome, { spec, batchSize, trainCount }: GatePlan): Check[] {
  const { steps = [], epochLosses = [] } = fits.timed ?? {};
  const order = createTrainingPlan({
    ...{ seed: spec.seed, imageCount: trainCount, batchSize, augmentation: 'none' },
  });
  const errors = epochLosses.flatMap((reported, epoch) => {
    const own = steps.slice(epoch * order.stepsPerEpoch, (epoch + 1) * order.stepsPerEpoch);
    const mean = meanLoss(own, order.batchSizeAt, trainCount);
    return mean === undefined ? [] : [Math.abs(reported - mean) / Math.abs(mean)];
  });
  if (errors.length === 0) return [];
  const row = { id: 'epoch-means', proves: "an epoch's loss is the mean of its steps'" };
  return [check(row, Math.max(...errors), MEAN_LIMIT)];
}

function meanLoss(
  steps: readonly ReportedStep[],
  sizeAt: (step: number) => number,
  count: number,
): number | undefined {
  let sum = 0;
  for (const [at, { loss }] of steps.entries()) {
    if (loss === null) return undefined;
    sum += loss * sizeAt(at);
  }
  return steps.length === 0 ? undefined : sum / count;
}

function answerChecks({ answers }: GateOutcome): Check[] {
  if (!answers) return [];
  const { bySize, reversed, fromLogits } = answers;
  const [first = [], ...others] = Object.values(bySize).sort((a, b) => b.length - a.length);
  const sizes = [...others, reversed].map((other) => largestGap(first, other));
  return [
    check(
      { id: 'predict-softmax', proves: 'predict is the softmax of predictLogits' },
      largestGap(first, fromLogits),
      PROBABILITY_LIMIT,
    ),
    check(
      {
        id: 'predict-batches',
        proves: 'an answer depends neither on the batch size nor on neighbours',
      },
      Math.max(...sizes),
      PROBABILITY_LIMIT,
    ),
  ];
}

/** Over as many values as both have. */
function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const gap = Math.abs((a[i] as number) - (b[i] as number));
    if (!(gap <= largest)) largest = gap;
  }
  return largest;
}

function check(
  { id, proves }: Pick<Check, 'id' | 'proves'>,
  figure: number,
  limit: number,
  detail?: string,
): Check {
  const passed = figure <= limit;
  return {
    ...{ id, proves, passed, limit },
    figure: Number.isFinite(figure) ? figure : null,
    ...(detail !== undefined && { detail }),
  };
}
