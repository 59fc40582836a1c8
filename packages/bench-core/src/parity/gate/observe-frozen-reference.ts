import {
  type ImageSize,
  pickWeights,
  pixelSourceOf,
  type SplitNetwork,
  type TrainingImages,
  type Weights,
} from '@dlcmp/contract';
import { ReferenceNetwork } from '../../reference-network/reference-network';
import { appliedGradient, type GateOutcome } from './gate-outcome';
import {
  type GateFit,
  type GatePlan,
  gateFitCounts,
  gateFitOptions,
  REFERENCE_SPEED,
} from './gate-plan';
import { forwardOperations } from './network-cost';
import type { GateImages } from './observe-classifier';
import { sampleWeights } from './sample-weights';
import { definedFits, type TrainedReference, trainReference } from './train-reference';

/**
 * The gate in float64 where the last layers alone are trained: features of as many images as fit `seconds`, and the fits on
 * them. The first batch comes first.
 */
export function observeFrozenReference(
  plan: GatePlan,
  images: GateImages,
  seconds: number,
  { trunk, tail }: SplitNetwork,
  initial: Weights,
): GateOutcome {
  const { spec } = plan;
  const counts = gateFitCounts(plan);
  const most = Math.floor((seconds * REFERENCE_SPEED) / forwardOperations(trunk));
  const frozen = new ReferenceNetwork(trunk);
  frozen.write(initial);
  const rows: Float32Array[] = [];
  const options = gateFitOptions(plan);
  const begun = pickWeights(initial, tail);
  const train = (name: GateFit): TrainedReference | undefined => {
    const count = counts[name];
    if (count > most) return undefined;
    const features = addFeatures(rows, frozen, images.train(count), spec);
    return trainReference(tail, begun, features, options[name], spec.seed);
  };
  const trained = {
    single: train('single'),
    betas: train('betas'),
    momentum: train('momentum'),
    timed: train('timed'),
  };
  return {
    ...(trained.single && appliedGradient(trained.single.fit)),
    initialWeights: sampleWeights(begun),
    fits: definedFits(trained),
  };
}

/** Features of `images`, of which `rows` holds those that are known. */
function addFeatures(
  rows: Float32Array[],
  trunk: ReferenceNetwork,
  images: TrainingImages,
  size: ImageSize,
): TrainingImages {
  const { count, labels } = images;
  const source = pixelSourceOf(images, size);
  const into = new Uint8Array(source.bytesPerImage);
  for (let image = rows.length; image < count; image++) {
    source.read([image], into);
    rows.push(Float32Array.from(trunk.infer(into, 1)));
  }
  // Not from Node.js' pool, whose memory lies anywhere: features are read as float32.
  const pixels = new Uint8Array(Buffer.concat(rows.slice(0, count).map(bytesOf)));
  return { pixels, labels, count };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
