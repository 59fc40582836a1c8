import type { FitSummary } from '../classifier';
import type { EpochTask, StepResult } from '../engine/engine';
import { throwIfAborted } from '../errors';
import { epochBatches, type TrainingBatch } from '../training-plan';
import type { Weights } from '../weights';
import { divergence, isConverging, type StepPosition } from './divergence';
import { scheduledRate, type TrainingRun } from './training-run';
import type { Validation } from './validation';

/** What a run does to the outside where the model goes through epochs by itself. */
export interface EpochHooks {
  trainEpoch(task: EpochTask): Promise<FitSummary>;
  /** Judges each epoch, where images are held back. */
  readonly validation?: Pick<Validation, 'judge' | 'isOver' | 'restoreBest'> | undefined;
  /** As they are now, for the message of a failure. */
  weights(): Promise<Weights>;
  /** Throws `DIVERGED` where the last step, on `batch`, left a model that does not answer. */
  assertConverged(
    batch: TrainingBatch,
    position: Pick<StepPosition, 'step' | 'epoch'>,
  ): Promise<void>;
}

/**
 * `trainNetwork` for a model that takes its steps in another process: it is handed the plan epoch by epoch.
 *
 * @returns what the model tells of its training
 * @throws as `trainNetwork`
 */
export async function trainEpochsElsewhere(
  run: TrainingRun,
  hooks: EpochHooks,
): Promise<FitSummary> {
  const { epochs, plan, images, options, network } = run;
  let summary: FitSummary = { details: {}, notes: [] };
  let epoch = 0;
  while (epoch < epochs && !hooks.validation?.isOver(epoch)) {
    epoch++;
    throwIfAborted(options.signal);
    const { task, lossSum } = epochTask(run, epoch);
    summary = await hooks.trainEpoch(task).catch(async (error: unknown) => {
      if (!(error instanceof StepDiverged)) throw error;
      throw divergence(error.result, error.position, await hooks.weights());
    });
    if (epoch === epochs) {
      const lastStep = plan.stepsPerEpoch - 1;
      const [batch] = epochBatches(plan, epoch, images, network, undefined, lastStep);
      const step = epochs * plan.stepsPerEpoch;
      await hooks.assertConverged(batch as TrainingBatch, { step, epoch });
    }
    const validation = await hooks.validation?.judge(epoch);
    const trainLoss = lossSum() / images.count;
    await options.onEpochEnd?.({ epoch, trainLoss, ...(validation && { validation }) });
  }
  await hooks.validation?.restoreBest(epoch);
  return summary;
}

/** Stops an epoch at a loss that is not finite; the weights can be read once it has stopped. */
class StepDiverged extends Error {
  constructor(
    readonly result: StepResult,
    readonly position: StepPosition,
  ) {
    super('A step has diverged.');
  }
}

function epochTask(run: TrainingRun, epoch: number): { task: EpochTask; lossSum: () => number } {
  const { epochs, plan, batchSize, images, learning, options } = run;
  const { stepsPerEpoch } = plan;
  const total = epochs * stepsPerEpoch;
  const before = (epoch - 1) * stepsPerEpoch;
  const learningRates = Float64Array.from({ length: stepsPerEpoch }, (_, step) =>
    scheduledRate(run, before + step, total),
  );
  let step = 0;
  let lossSum = 0;
  const report = (result: StepResult) => {
    lossSum += result.loss * plan.batchSizeAt(step);
    const learningRate = learningRates[step++] as number;
    const completed = before + step;
    if (!isConverging(result)) {
      throw new StepDiverged(result, { step: completed, epoch, learningRate });
    }
    const { loss } = result;
    options.onProgress?.({ unit: 'step', completed, total, epoch, loss, losses: [loss] });
  };
  const { signal } = options;
  const task = { images, plan, epoch, epochs, batchSize, learning, learningRates, report };
  return { task: { ...task, ...(signal && { signal }) }, lossSum: () => lossSum };
}
