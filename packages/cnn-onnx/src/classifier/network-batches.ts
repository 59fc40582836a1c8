import {
  createGenerator,
  createTrainingPlan,
  epochBatches,
  type ImageSize,
  type LabelledImages,
  nextUniform,
  type TrainingPlan,
  type TrainingPlanOptions,
} from '@dlcmp/contract';
import { dropoutMaskName } from '../layers/dropout';
import type { DropoutMask } from '../layers/layer';
import type { Network } from '../layers/sequential';
import type { NetworkBatch } from './graph-trainer';

/** Generator of the mask that the contract draws for `simple-cnn`: that of the default name. */
const CONTRACT_PURPOSE = 'dropout';

/** The contract's plan of order and flips; masks are drawn by {@link networkBatches}. */
export function createNetworkPlan(
  options: Omit<TrainingPlanOptions, 'hiddenUnits' | 'dropoutRate'>,
): TrainingPlan {
  return createTrainingPlan({ ...options, hiddenUnits: 1, dropoutRate: 0 });
}

/**
 * The batches of one epoch of `plan`, each with a mask for every dropout layer: pure functions of
 * seed, epoch, step and the layer's name.
 *
 * @param epoch from 1
 * @param firstStep from 0: those before it are left out
 */
export function* networkBatches(
  network: Network,
  plan: TrainingPlan,
  seed: number,
  epoch: number,
  firstStep: number,
  images: LabelledImages,
  size: ImageSize,
): Generator<NetworkBatch> {
  let step = 0;
  for (const batch of epochBatches(plan, epoch, images, size)) {
    if (step >= firstStep) {
      const masks = Object.entries(network.masks).map(([name, mask]) => [
        name,
        drawMask(seed, name, mask, [epoch, step], batch.size),
      ]);
      yield { ...batch, masks: Object.fromEntries(masks) };
    }
    step++;
  }
}

function drawMask(
  seed: number,
  name: string,
  { shape, rate }: DropoutMask,
  position: readonly number[],
  batchSize: number,
): Uint8Array {
  const mask = new Uint8Array(shape.reduce((product, length) => product * length, batchSize));
  if (rate === 0) return mask.fill(1);
  const isDefault = name === dropoutMaskName(CONTRACT_PURPOSE);
  const purpose = isDefault ? CONTRACT_PURPOSE : `${CONTRACT_PURPOSE}/${name}`;
  const generator = createGenerator(seed, purpose, ...position);
  for (let i = 0; i < mask.length; i++) mask[i] = nextUniform(generator) < 1 - rate ? 1 : 0;
  return mask;
}
