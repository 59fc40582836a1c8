import {
  bytesPerImage,
  createInitialWeights,
  type Network,
  networkOf,
  splitNetwork,
  type TrainingBatch,
  type Weights,
} from '@dlcmp/contract';
import { ReferenceNetwork, softmax } from '../../reference-network/reference-network';
import { appliedGradient, type GateOutcome } from './gate-outcome';
import { affordableSteps, type GateFit, type GatePlan, gateFitOptions } from './gate-plan';
import { type GateImages, gradientBatch } from './observe-classifier';
import { observeFrozenReference } from './observe-frozen-reference';
import { sampleTensors, sampleWeights } from './sample-weights';
import {
  definedFits,
  differentiate,
  type TrainedReference,
  trainReference,
} from './train-reference';

/** Test images whose logits the reference computes; of frozen layers it computes those of training images besides. */
const LOGIT_IMAGES = { all: 4, frozen: 2 };

/**
 * The gate in float64, with a loop and a network that no contender shares: as much of it as fits `seconds`, the gradient of
 * the first batch first.
 */
export function observeReference(plan: GatePlan, images: GateImages, seconds: number): GateOutcome {
  const { spec, batchSize, trainCount, gradientCount } = plan;
  const network = networkOf(spec);
  const initial = createInitialWeights(spec, network);
  const split = splitNetwork(network, plan.training.train ?? 'all');
  if (split) {
    const initialLogits = firstLogits(network, initial, images, LOGIT_IMAGES.frozen);
    return { ...observeFrozenReference(plan, images, seconds, split, initial), initialLogits };
  }
  const options = gateFitOptions(plan);
  const largestBatch = Math.min(batchSize, trainCount);
  let steps = affordableSteps(spec, largestBatch, seconds);
  const train = (name: GateFit, count: number): TrainedReference | undefined => {
    const wanted = ((options[name].epochs ?? 1) * count) / largestBatch;
    if (steps < wanted) return undefined;
    steps -= wanted;
    return trainReference(network, initial, images.train(count), options[name], spec.seed);
  };
  const single = train('single', largestBatch);
  const gradient =
    single && gradientCount === largestBatch
      ? appliedGradient(single.fit)
      : firstGradient(network, initial, gradientBatch(plan, images));
  const timed = train('timed', trainCount);
  const [betas, momentum] = [train('betas', trainCount), train('momentum', trainCount)];
  return {
    ...gradient,
    initialWeights: sampleWeights(initial),
    initialLogits: firstLogits(network, initial, images, LOGIT_IMAGES.all),
    fits: definedFits({ single, timed, betas, momentum }),
    ...(timed && { predictions: predictAll(timed.reference, images) }),
  };
}

/** One image at a time, [images × classes]. */
function predictAll(reference: ReferenceNetwork, { test }: GateImages): Float32Array {
  const bytes = test.pixels.length / test.count;
  const rows = Array.from({ length: test.count }, (_, image) =>
    softmax(reference.infer(test.pixels.subarray(image * bytes, (image + 1) * bytes), 1)),
  );
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

function firstGradient(network: Network, initial: Weights, batch: TrainingBatch) {
  const reference = new ReferenceNetwork(network);
  reference.write(initial);
  const { loss, gradients } = differentiate(network, reference, batch, 0);
  return { gradientLoss: loss, gradients: sampleTensors(Object.fromEntries(gradients)) };
}

function firstLogits(
  network: Network,
  initial: Weights,
  { test }: GateImages,
  most: number,
): Float32Array {
  const reference = new ReferenceNetwork(network);
  reference.write(initial);
  const count = Math.min(most, test.count);
  return Float32Array.from(
    reference.infer(test.pixels.subarray(0, count * bytesPerImage(network)), count),
  );
}
