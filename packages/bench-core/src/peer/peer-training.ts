import {
  type AdamOptions,
  assertFiniteLogits,
  assertFiniteLoss,
  bytesPerImage,
  type CnnFitOptions,
  type LabelledImages,
  planTraining,
  resolveAdamOptions,
  type TrainingBatch,
  type TrainingPlan,
  throwIfAborted,
} from '@dlcmp/contract';
import { peerFault } from './peer-fault';
import type { PeerAnswer, PeerParams, PeerProgress } from './peer-messages';
import type { PeerModel } from './peer-model';
import { askPredictions } from './peer-predictions';

type PlanFiles = NonNullable<PeerParams<'train'>['plan']>;

/**
 * Has a peer train epoch by epoch, each by files of order, flips and dropout masks written just
 * before, and reports as the contract's `trainEpochs` does.
 *
 * @returns the last epoch's answer, and the seconds of all by the peer's own clock
 * @throws as `trainEpochs`; `PEER_FAILED` where the peer's counts are not the plan's
 */
export async function trainPeerEpochs(
  model: PeerModel,
  images: LabelledImages,
  options: CnnFitOptions,
  onStep: () => void,
): Promise<{ answer: PeerAnswer<'train'>; peerTrainSeconds: number }> {
  const { plan, epochs } = planTraining(model.spec, images, options);
  const adam = adamParams(options);
  const files = await model.files.images(images, 'fit');
  const progress = createStepCount(plan, epochs, options, onStep);
  let peerTrainSeconds = 0;
  for (let epoch = 1; ; epoch++) {
    throwIfAborted(options.signal);
    const planFiles = await writePlan(model, plan, epoch);
    const restart = epoch === 1;
    const answer = await model.train(
      { ...files, plan: { ...planFiles, batchSize: options.batchSize ?? 32, adam, restart } },
      { signal: options.signal, onProgress: (step) => progress.report(epoch, step) },
    );
    if (epoch === epochs) {
      assertFiniteLogits(await logitsOfABatch(model, images), {
        step: epochs * plan.stepsPerEpoch,
        epoch,
      });
    }
    const trainLoss = progress.endEpoch(answer.completed) / images.count;
    peerTrainSeconds += answer.trainSeconds;
    await options.onEpochEnd?.({ epoch, trainLoss });
    if (epoch === epochs) return { answer, peerTrainSeconds };
  }
}

/** As much as tells whether the last step left a model that answers. */
function logitsOfABatch(model: PeerModel, { pixels, count }: LabelledImages) {
  const size = Math.min(count, 32);
  return askPredictions(
    model,
    pixels.subarray(0, size * bytesPerImage(model.spec)),
    size,
    'logits',
  );
}

/** Trains on one batch, without mirroring; returns its loss before the update. */
export async function trainPeerStep(
  model: PeerModel,
  batch: TrainingBatch,
  options: AdamOptions,
): Promise<number> {
  const { pixels, labels, size, masks } = batch;
  const { files } = model;
  const adam = adamParams(options);
  const plan = {
    order: await files.write(
      'order',
      Uint32Array.from({ length: size }, (_, index) => index),
    ),
    flips: await files.write('step-flips', new Uint8Array(size)),
    masks: await files.write('step-masks', masks.dropout as Uint8Array),
    batchSize: size,
    adam,
    restart: false,
  };
  let loss: number | undefined;
  await model.train(
    { ...(await files.images({ pixels, labels, count: size }, 'step')), plan },
    { signal: undefined, onProgress: (step) => (loss = step.loss ?? Number.NaN) },
  );
  if (loss === undefined) throw peerFault('reported no loss for a step');
  return loss;
}

async function writePlan({ files }: PeerModel, plan: TrainingPlan, epoch: number) {
  const steps = Array.from(
    { length: plan.stepsPerEpoch },
    (_, step) => plan.masks(epoch, step).dropout as Uint8Array,
  );
  return {
    order: await files.write('order', plan.epochOrder(epoch)),
    flips: await files.write('flips', plan.epochFlips(epoch)),
    masks: await files.write('masks', Buffer.concat(steps)),
  } satisfies Partial<PlanFiles>;
}

function adamParams(options: AdamOptions): PlanFiles['adam'] {
  const { learningRate, betas, epsilon } = resolveAdamOptions(options);
  const [beta1, beta2] = betas;
  return { learningRate, beta1, beta2, epsilon };
}

/** Follows a peer's steps, which must be the plan's, and adds up their losses. */
function createStepCount(
  plan: TrainingPlan,
  epochs: number,
  { onProgress }: CnnFitOptions,
  onStep: () => void,
) {
  const { stepsPerEpoch } = plan;
  const total = epochs * stepsPerEpoch;
  let inEpoch = 0;
  let before = 0;
  let lossSum = 0;
  return {
    report(epoch: number, { completed, loss = null }: PeerProgress): void {
      if (completed !== inEpoch + 1 || completed > stepsPerEpoch) {
        throw peerFault(`reported step ${completed} after step ${inEpoch} of ${stepsPerEpoch}`);
      }
      inEpoch = completed;
      const step = before + completed;
      const finite = loss ?? Number.NaN;
      assertFiniteLoss(finite, step, epoch);
      onStep();
      lossSum += finite * plan.batchSizeAt(completed - 1);
      onProgress?.({ unit: 'step', completed: step, total, epoch, loss: finite });
    },
    /** Sum of the losses of all images of the epoch. */
    endEpoch(completed: number): number {
      if (completed !== stepsPerEpoch || inEpoch !== stepsPerEpoch) {
        throw peerFault(`ended an epoch of ${stepsPerEpoch} steps after ${inEpoch} (${completed})`);
      }
      before += inEpoch;
      inEpoch = 0;
      const sum = lossSum;
      lossSum = 0;
      return sum;
    },
  };
}
