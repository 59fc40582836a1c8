import {
  adam,
  assertArgument,
  assertModelSpec,
  assertRate,
  constantSchedule,
  type ImageSize,
  type LearningRateSchedule,
  type OptimizerSpec,
  readSafetensors,
  type Weights,
} from '@dlcmp/contract';
import type { LayerList } from '../layers/layer';
import { type Network, sequential } from '../layers/sequential';
import { type LossOptions, resolveLabelSmoothing } from '../layers/softmax-cross-entropy';
import { assertNetworkWeights, drawNetworkWeights } from '../model/initial-network-weights';

/** What a sequential classifier is and how it learns. */
export interface SequentialSpec extends ImageSize, LossOptions {
  /** From images [3, inputHeight, inputWidth] to one score a class. */
  readonly layers: LayerList;
  /** One name a class; their order numbers the classes. */
  readonly classNames: readonly string[];
  /** Decides initial weights, order of every epoch, flips and dropout masks. Default 1. */
  readonly seed?: number;
  /** Default `adam()`. */
  readonly optimizer?: OptimizerSpec;
  /** Default `constantSchedule(1e-3)`. */
  readonly schedule?: LearningRateSchedule;
  /** Largest global norm of the gradients; beyond, they are scaled down. Default: no limit. */
  readonly gradientClipping?: number;
  /**
   * Start from these weights instead of drawing them: by name, or the path of a safetensors file, as
   * PyTorch's `safetensors.torch.save_file(model.state_dict(), path)` writes it.
   */
  readonly initialWeights?: Weights | string;
}

/** A {@link SequentialSpec}, checked, with its defaults. */
export interface ResolvedSequentialSpec extends ImageSize {
  readonly network: Network;
  readonly classNames: readonly string[];
  readonly seed: number;
  readonly optimizer: OptimizerSpec;
  readonly schedule: LearningRateSchedule;
  readonly labelSmoothing: number;
  readonly gradientClipping?: number;
  /** Weights and state to start from. */
  readonly initialWeights: Weights;
  /** Whether the caller gave them, so that the classifier may predict at once. */
  readonly pretrained: boolean;
}

/** @throws `INVALID_ARGUMENT`, `INVALID_FILE` */
export async function resolveSequentialSpec(spec: SequentialSpec): Promise<ResolvedSequentialSpec> {
  const { inputHeight, inputWidth, classNames, gradientClipping, initialWeights } = spec;
  const { seed = 1, optimizer = adam(), schedule = constantSchedule(1e-3) } = spec;
  assertModelSpec({ inputHeight, inputWidth, classNames, seed });
  if (gradientClipping !== undefined) assertRate('gradientClipping', gradientClipping);
  const network = sequential([3, inputHeight, inputWidth], spec.layers);
  assertArgument(
    network.outputShape.join() === String(classNames.length),
    `The last layer puts out [${network.outputShape.join(', ')}], but there are ${classNames.length} classes. End with dense({ name, units: ${classNames.length} }).`,
  );
  const given =
    typeof initialWeights === 'string' ? await readWeights(initialWeights) : initialWeights;
  if (given) assertNetworkWeights(given, network);
  return {
    ...{ network, inputHeight, inputWidth, classNames, seed, optimizer, schedule },
    labelSmoothing: resolveLabelSmoothing(spec),
    ...(gradientClipping !== undefined && { gradientClipping }),
    initialWeights: given ?? drawNetworkWeights(network, seed),
    pretrained: given !== undefined,
  };
}

/** PyTorch counts a normalisation's batches in an int64 that nothing here needs. */
function readWeights(path: string): Promise<Weights> {
  return readSafetensors(path, { skip: (name) => name.endsWith('.num_batches_tracked') });
}
