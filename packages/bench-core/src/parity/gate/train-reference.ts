import {
  createTrainingPlan,
  epochBatches,
  type Network,
  rateOf,
  resolveLearning,
  type TrainingBatch,
  type TrainingImages,
  updateRule,
  type Weights,
} from '@dlcmp/contract';
import type { TrainingOptions } from '../../measure/measure-fit';
import { ReferenceNetwork } from '../../reference-network/reference-network';
import type { Values } from '../../reference-network/reference-node';
import type { FitOutcome, GateOutcome, ReportedStep } from './gate-outcome';
import type { GateFit } from './gate-plan';
import { type Samples, sampleTensors, sampleWeights, subtractSamples } from './sample-weights';

/** Images that go through the network at a time: their activations in float64 take much memory. */
const IMAGES_AT_ONCE = 4;

/** What a fit left, and the network that it trained. */
export interface TrainedReference {
  readonly fit: FitOutcome;
  readonly reference: ReferenceNetwork;
}

/** `fit` in float64, in a loop that no contender shares. */
export function trainReference(
  network: Network,
  initial: Weights,
  images: TrainingImages,
  options: TrainingOptions,
  seed: number,
): TrainedReference {
  const { epochs = 10, batchSize = 32, augmentation = 'horizontal-flip' } = options;
  const { learning, schedule } = resolveLearning(options, network);
  const { masks } = network;
  const order = createTrainingPlan({
    seed,
    imageCount: images.count,
    batchSize,
    augmentation,
    masks,
  });
  const reference = new ReferenceNetwork(network);
  reference.write(initial);
  const rule = updateRule(learning.optimizer);
  const moments = new Map<string, Values[]>();
  const total = epochs * order.stepsPerEpoch;
  const steps: ReportedStep[] = [];
  const epochLosses: number[] = [];
  let rateSum = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let lossSum = 0;
    for (const batch of epochBatches(order, epoch, images, network)) {
      const { loss, gradients } = differentiate(network, reference, batch, learning.labelSmoothing);
      const rate = schedule(steps.length, total);
      rateSum += rate;
      for (const [name, gradient] of gradients) {
        const own = moments.get(name) ?? rule.moments.map(() => new Float64Array(gradient.length));
        moments.set(name, own);
        const ownRate = rateOf(name, { ...learning, learningRate: rate });
        const move = rule.prepare(steps.length + 1, ownRate, 1);
        move(reference.parameters.get(name)?.value as Values, gradient, own);
      }
      lossSum += loss * batch.size;
      steps.push({ completed: steps.length + 1, total, epoch, loss, images: batch.size });
    }
    epochLosses.push(lossSum / images.count);
  }
  const fit = { steps, epochLosses, changes: changesOf(reference, initial), rateSum };
  return { fit, reference };
}

/** Those of the gate's fits that there was time for. */
export function definedFits(
  trained: Readonly<Record<GateFit, TrainedReference | undefined>>,
): GateOutcome['fits'] {
  return Object.fromEntries(
    Object.entries(trained).flatMap(([name, result]) => (result ? [[name, result.fit]] : [])),
  );
}

function changesOf({ parameters, state }: ReferenceNetwork, initial: Weights): Samples {
  const values = [...parameters].map(([name, { value }]) => [name, value] as const);
  return subtractSamples(
    sampleTensors(Object.fromEntries([...values, ...state])),
    sampleWeights(initial),
  );
}

/** Loss and gradients of a batch, a few images at a time where images do not depend on one another. */
export function differentiate(
  network: Network,
  reference: ReferenceNetwork,
  batch: TrainingBatch,
  labelSmoothing: number,
): { loss: number; gradients: Map<string, Values> } {
  const isCoupled = network.nodes.some(({ type }) => type === 'batchNorm');
  const slices = isCoupled ? [batch] : sliceBatch(batch, IMAGES_AT_ONCE);
  const gradients = new Map<string, Values>();
  let loss = 0;
  for (const slice of slices) {
    const share = slice.size / batch.size;
    loss += share * reference.differentiate(slice, labelSmoothing);
    for (const [name, { gradient }] of reference.parameters)
      addShare(gradients, name, gradient, share);
  }
  return { loss, gradients };
}

function addShare(sums: Map<string, Values>, name: string, values: Values, share: number): void {
  const sum = sums.get(name) ?? new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) (sum[i] as number) += share * (values[i] as number);
  sums.set(name, sum);
}

function sliceBatch({ pixels, labels, masks, size }: TrainingBatch, most: number): TrainingBatch[] {
  return Array.from({ length: Math.ceil(size / most) }, (_, index) => {
    const [first, end] = [index * most, Math.min(size, (index + 1) * most)];
    const rows = (values: Uint8Array) => {
      const length = values.length / size;
      return values.subarray(first * length, end * length);
    };
    const own = Object.entries(masks).map(([name, mask]) => [name, rows(mask)]);
    return {
      pixels: rows(pixels),
      labels: labels.subarray(first, end),
      masks: Object.fromEntries(own),
      size: end - first,
    };
  });
}
