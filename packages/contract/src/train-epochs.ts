import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CnnClassifier, CnnFitOptions } from './classifier';
import { assertArgument, throwIfAborted } from './errors';
import { assertLabelledImages, type TrainingImages } from './images';
import { assertCnnSpec, type ModelSpec } from './model-spec';
import { assertConverged, assertFiniteLoss } from './training/divergence';
import {
  createTrainingPlan,
  epochBatches,
  type TrainingBatch,
  type TrainingPlan,
} from './training-plan';

/** A loss that is being computed elsewhere, on a GPU say. Reading it waits for its step, and for all before it. */
export interface DeferredLoss {
  read(): Promise<number>;
}

/** Steps whose losses may be outstanding: reading every one would bring a GPU to a halt after each step. */
const MOST_OUTSTANDING = 32;

/**
 * The training loop that every CNN adapter runs, so that all see the same batches in the same
 * order: calls `trainStep` for each batch of the plan, gathers the next batch while it computes,
 * and reports progress. Deferred losses are read every 32 steps and at the end of an epoch; until then
 * progress goes without.
 *
 * @param trainStep updates the weights and returns the batch's mean loss before the update; done with the batch, whose memory
 *   the next but one takes, when its promise is kept
 * @param model what is trained: weights and logits of the last batch are looked at after the last step
 * @throws `INVALID_ARGUMENT` before the first step, `ABORTED` between two steps, `DIVERGED` at the
 *   first loss that is not finite, and where the last step leaves weights or logits that are not
 */
export async function trainEpochs(
  spec: ModelSpec,
  images: TrainingImages,
  options: CnnFitOptions,
  trainStep: (batch: TrainingBatch) => Promise<number | DeferredLoss>,
  model: Pick<CnnClassifier, 'getWeights' | 'predictLogits'>,
): Promise<void> {
  const { signal } = options;
  const { plan, epochs } = planTraining(spec, images, options);
  const total = epochs * plan.stepsPerEpoch;
  const allocate = takeTurns(BATCHES_AT_ONCE);
  let completed = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const losses = new EpochLosses(epoch, completed);
    const batches = epochBatches(plan, epoch, images, spec, allocate);
    let next = batches.next();
    while (!next.done) {
      throwIfAborted(signal);
      const batch = next.value;
      const running = trainStep(batch);
      next = batches.next();
      const loss = await running;
      completed++;
      losses.add(loss, batch.size);
      if (typeof loss === 'number' || losses.outstanding === MOST_OUTSTANDING)
        await losses.settle();
      if (completed === total) {
        await losses.settle();
        await assertConverged(model, batch, { step: completed, epoch });
      }
      const { last } = losses;
      options.onProgress?.({
        ...({ unit: 'step', completed, total, epoch } as const),
        ...(losses.outstanding === 0 && last !== undefined && { loss: last }),
      });
      // A framework that computes on this thread would keep signals and messages out for good.
      await nextTurn();
    }
    await losses.settle();
    await options.onEpochEnd?.({ epoch, trainLoss: losses.sum / images.count });
  }
}

/** The one that is trained with, and the one that is gathered meanwhile. */
const BATCHES_AT_ONCE = 2;

/** Memory that is used again when it has been its turn: new memory is zeroed first, which takes longer than the copy. */
function takeTurns(count: number): (bytes: number) => Uint8Array {
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

/** The losses of one epoch, read in order. */
class EpochLosses {
  /** Over images. */
  sum = 0;
  /** The one read last. */
  last: number | undefined;
  readonly #epoch: number;
  #step: number;
  #waiting: { readonly loss: number | DeferredLoss; readonly size: number }[] = [];

  /** @param step steps before this epoch */
  constructor(epoch: number, step: number) {
    this.#epoch = epoch;
    this.#step = step;
  }

  get outstanding(): number {
    return this.#waiting.length;
  }

  add(loss: number | DeferredLoss, size: number): void {
    this.#waiting.push({ loss, size });
  }

  async settle(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { loss, size } of waiting) {
      this.last = typeof loss === 'number' ? loss : await loss.read();
      assertFiniteLoss(this.last, ++this.#step, this.#epoch);
      this.sum += this.last * size;
    }
  }
}

/**
 * The plan of a whole `fit`, with the contract's defaults.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function planTraining(
  spec: ModelSpec,
  images: TrainingImages,
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
