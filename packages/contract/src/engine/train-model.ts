import type { FitSummary } from '../classifier';
import { assertConverged, type StepPosition } from '../training/divergence';
import { trainEpochsElsewhere } from '../training/train-epochs-elsewhere';
import { trainNetwork } from '../training/train-network';
import {
  type RunSettings,
  type StartingPoint,
  writeCheckpoint,
} from '../training/training-checkpoint';
import type { TrainingRun } from '../training/training-run';
import { Validation } from '../training/validation';
import type { TrainingBatch } from '../training-plan';
import type { EpochTask, StepResult, TrainableModel } from './engine';

/** Whose turn it is with a model. */
export interface ModelTurns {
  /** Waits its turn: weights are updated in place. */
  exclusively<Result>(task: () => Promise<Result>): Promise<Result>;
  /** Told before weights become others. */
  onStep(): void;
}

/** Trains `model` by the plan of `run`, from `start` on, in this process or where the model's epochs are computed. */
export async function trainModel(
  model: TrainableModel,
  run: TrainingRun,
  start: StartingPoint,
  settings: RunSettings,
  { exclusively, onStep }: ModelTurns,
): Promise<FitSummary> {
  // As the model answers: a user's own calls are refused in words that know of no step.
  const answers = {
    getWeights: () => exclusively(() => model.readWeights()),
    predictLogits: (pixels: Uint8Array, count: number) =>
      exclusively(() => model.infer(pixels, count, 'logits')),
  };
  const validation =
    run.validation &&
    new Validation(
      run.validation,
      { ...answers, writeWeights: (weights) => exclusively(() => model.writeWeights(weights)) },
      start.best,
    );
  const hooks = {
    validation,
    weights: answers.getWeights,
    assertConverged: (batch: TrainingBatch, position: Pick<StepPosition, 'step' | 'epoch'>) =>
      assertConverged(answers, batch, position),
  };
  const { trainEpoch } = model;
  if (trainEpoch) {
    const { details, notes } = await trainEpochsElsewhere(run, {
      ...hooks,
      trainEpoch: (task) => exclusively(() => trainEpoch.call(model, reporting(task, onStep))),
    });
    return { details: { ...details, ...told(validation) }, notes };
  }
  await trainNetwork(run, start, {
    ...hooks,
    step: (batch, update) =>
      exclusively(async () => {
        onStep();
        return model.step(batch, update);
      }),
    checkpoint: async (position) => {
      const path = run.options.checkpoint?.path;
      if (path === undefined) return;
      await exclusively(() => writeCheckpoint(path, model, position, settings, validation?.best));
    },
  });
  return { details: told(validation), notes: [] };
}

function told(validation: Validation | undefined): FitSummary['details'] {
  return validation?.best ? { bestEpoch: validation.best.epoch } : {};
}

/** As soon as a step was reported, the weights are others. */
function reporting(task: EpochTask, onStep: () => void): EpochTask {
  const report = (result: StepResult) => {
    onStep();
    task.report(result);
  };
  return { ...task, report };
}
