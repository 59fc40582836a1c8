import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeferredStep, StepResult, UpdateSettings } from '../engine/engine';
import { throwIfAborted } from '../errors';
import { epochBatches, type TrainingBatch } from '../training-plan';
import type { Weights } from '../weights';
import { divergence, isConverging, type StepPosition } from './divergence';
import { LossQueue } from './loss-queue';
import type { PlanPosition } from './training-checkpoint';
import { scheduledRate, type TrainingRun } from './training-run';
import type { Validation } from './validation';

type LastPosition = Pick<StepPosition, 'step' | 'epoch'>;

/** What a run does to the outside. */
export interface TrainingHooks {
  /** Trains on one batch, whose memory the next but one takes when the promise is kept. */
  step(batch: TrainingBatch, update: UpdateSettings): Promise<StepResult | DeferredStep>;
  /** As they are now, for the message of a failure. */
  weights(): Promise<Weights>;
  /** Throws `DIVERGED` where the last step, on `batch`, left a model that does not answer. */
  assertConverged(batch: TrainingBatch, position: LastPosition): Promise<void>;
  /** Judges each epoch, where images are held back. */
  readonly validation?: Pick<Validation, 'judge' | 'isOver' | 'restoreBest'> | undefined;
  /** Keeps what the run needs to go on from `position`. */
  checkpoint(position: PlanPosition): Promise<void>;
}

/**
 * The training loop of every engine, so that all see the same batches in the same order: from `start` to the end of the
 * plan, or to where its validation ends it, gathering the next batch while one computes. Deferred results are read every 32 steps and at the end of an
 * epoch; until then progress goes without losses.
 *
 * @throws `ABORTED` between two steps, `DIVERGED` at the first loss or gradient norm that is not finite, and where the
 *   last step leaves weights or logits that are not
 */
export async function trainNetwork(
  run: TrainingRun,
  start: PlanPosition,
  hooks: TrainingHooks,
): Promise<void> {
  let position = start;
  const allocate = takeTurns(BATCHES_AT_ONCE);
  const unreported: number[] = [];
  const isOver = () => position.epoch > run.epochs || hooks.validation?.isOver(position.epoch - 1);
  while (!isOver()) position = await trainEpoch(run, position, hooks, allocate, unreported);
  await hooks.validation?.restoreBest(position.epoch - 1);
}

type Allocate = (bytes: number) => Uint8Array;

/** Trains the rest of an epoch; returns the beginning of the next. Losses wait in `unreported` for the next progress. */
async function trainEpoch(
  run: TrainingRun,
  start: PlanPosition,
  hooks: TrainingHooks,
  allocate: Allocate,
  unreported: number[],
): Promise<PlanPosition> {
  const { network, images, options, plan, epochs, schedule, learning } = run;
  const { epoch } = start;
  const total = epochs * plan.stepsPerEpoch;
  const everySteps = options.checkpoint?.everySteps ?? total;
  let { step, completed, lossSum } = start;
  let last: StepResult | undefined;
  const losses = new LossQueue(async (result, completedThen) => {
    last = result;
    unreported.push(result.loss);
    lossSum += result.loss * plan.batchSizeAt((completedThen - 1) % plan.stepsPerEpoch);
    if (isConverging(result)) return;
    const learningRate = schedule(completedThen - 1, total);
    throw divergence(result, { step: completedThen, epoch, learningRate }, await hooks.weights());
  });
  const batches = epochBatches(plan, epoch, images, network, allocate, step);
  let next = batches.next();
  while (!next.done) {
    throwIfAborted(options.signal);
    const learningRate = scheduledRate(run, completed, total);
    const batch = next.value;
    const running = hooks.step(batch, { ...learning, learningRate });
    next = batches.next();
    const result = await running;
    step++;
    completed++;
    await losses.add(result, completed);
    if (completed === total) {
      await losses.settle();
      await hooks.assertConverged(batch, { step: completed, epoch });
    }
    const loss = losses.outstanding === 0 && last ? { loss: last.loss } : {};
    const arrived = { losses: unreported.splice(0) };
    options.onProgress?.({ unit: 'step', completed, total, epoch, ...loss, ...arrived });
    if (step < plan.stepsPerEpoch && completed % everySteps === 0) {
      await losses.settle();
      await hooks.checkpoint({ epoch, step, completed, lossSum });
    }
    // A framework that computes on this thread would keep signals and messages out for good.
    await nextTurn();
  }
  await losses.settle();
  const validation = await hooks.validation?.judge(epoch);
  const trainLoss = lossSum / images.count;
  await options.onEpochEnd?.({ epoch, trainLoss, ...(validation && { validation }) });
  const beginning = { epoch: epoch + 1, step: 0, completed, lossSum: 0 };
  await hooks.checkpoint(beginning);
  return beginning;
}

/** The one that is trained with, and the one that is gathered meanwhile. */
const BATCHES_AT_ONCE = 2;

/** Memory that is used again when it has been its turn: new memory is zeroed first, which takes longer than the copy. */
function takeTurns(count: number): Allocate {
  const memory: Uint8Array[] = [];
  let turn = 0;
  return (bytes) => {
    turn = (turn + 1) % count;
    const known = memory[turn];
    if (known && known.length >= bytes) return known.subarray(0, bytes);
    const taken = new Uint8Array(bytes);
    memory[turn] = taken;
    return taken;
  };
}
