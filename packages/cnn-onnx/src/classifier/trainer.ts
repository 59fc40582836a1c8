import type { AdamOptions, TrainingBatch, Weights } from '@dlcmp/contract';
import { splitNetwork } from '../blocks/split-network';
import type { Network } from '../layers/sequential';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { BlockTrainer } from './block-trainer';
import { PlainTrainer } from './plain-trainer';

/** Computes gradients and updates weights by Adam. Every large array is allocated once and reused. */
export interface Trainer {
  /** The batch's mean cross-entropy and its gradient of each weight. */
  computeGradients(batch: TrainingBatch): Promise<{ loss: number; gradients: Weights }>;
  /** Updates the weights once and returns the loss before. */
  step(batch: TrainingBatch, adam: Required<AdamOptions>): Promise<number>;
  /** A copy. */
  readWeights(): Weights;
  /** Forgets the optimiser's moments. */
  reset(): void;
  /** Replaces the weights. */
  writeWeights(weights: Weights): void;
  release(): Promise<void>;
}

/**
 * A trainer by threads that each compute their own images, where the network begins with blocks and ONNX Runtime's
 * library can be called from threads; else by one ONNX graph.
 *
 * @param weights where training starts
 */
export function createTrainer(
  runtime: OnnxRuntime,
  network: Network,
  weights: Weights,
): Promise<Trainer> {
  const { library } = runtime;
  const split = splitNetwork(network);
  return library !== undefined && split
    ? BlockTrainer.create(runtime, library, network, split, weights)
    : PlainTrainer.create(runtime, network, weights);
}
