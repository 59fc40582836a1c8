import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CnnFitOptions } from './classifier';
import { assertArgument, DlcmpError, throwIfAborted } from './errors';
import { assertLabelledImages, type LabelledImages } from './images';
import { assertCnnSpec, type ModelSpec } from './model-spec';
import {
  createTrainingPlan,
  epochBatches,
  type TrainingBatch,
  type TrainingPlan,
} from './training-plan';

/**
 * The training loop that every CNN adapter runs, so that all see the same batches in the same
 * order: calls `trainStep` for each batch of the plan, gathers the next batch while it computes,
 * and reports progress.
 *
 * @param trainStep updates the weights and returns the batch's mean loss before the update
 * @throws `INVALID_ARGUMENT` before the first step, `ABORTED` between two steps, `DIVERGED` at the
 *   first loss that is not finite
 */
export async function trainEpochs(
  spec: ModelSpec,
  images: LabelledImages,
  options: CnnFitOptions,
  trainStep: (batch: TrainingBatch) => Promise<number>,
): Promise<void> {
  const { signal } = options;
  const { plan, epochs } = planTraining(spec, images, options);
  const total = epochs * plan.stepsPerEpoch;
  let completed = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let lossSum = 0;
    const batches = epochBatches(plan, epoch, images, spec);
    let next = batches.next();
    while (!next.done) {
      throwIfAborted(signal);
      const batch = next.value;
      const running = trainStep(batch);
      next = batches.next();
      const loss = await running;
      completed++;
      assertFiniteLoss(loss, completed, epoch);
      lossSum += loss * batch.size;
      options.onProgress?.({ unit: 'step', completed, total, epoch, loss });
      // A framework that computes on this thread would keep signals and messages out for good.
      await nextTurn();
    }
    await options.onEpochEnd?.({ epoch, trainLoss: lossSum / images.count });
  }
}

/**
 * The plan of a whole `fit`, with the contract's defaults.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function planTraining(
  spec: ModelSpec,
  images: LabelledImages,
  options: CnnFitOptions,
): { plan: TrainingPlan; epochs: number } {
  const { epochs = 10, batchSize = 32, augmentation = 'horizontal-flip' } = options;
  const architecture = assertCnnSpec(spec);
  assertLabelledImages(images, spec, spec.classNames.length);
  assertArgument(
    Number.isInteger(epochs) && epochs >= 1,
    `epochs must be a whole number ≥ 1, not ${epochs}.`,
  );
  const { seed } = spec;
  const imageCount = images.count;
  const plan = createTrainingPlan({ seed, imageCount, batchSize, augmentation, ...architecture });
  return { plan, epochs };
}

/** @throws `DIVERGED` unless the `loss` of a training step is finite */
export function assertFiniteLoss(loss: number, step: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new DlcmpError(
    'DIVERGED',
    `The loss became ${loss} at step ${step} (epoch ${epoch}). The learning rate is probably too high: try a tenth of it.`,
  );
}
