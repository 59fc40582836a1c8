import type { AdamOptions, TrainingBatch, Weights } from '@dlcmp/contract';

/** What a network can answer with, one row an image. */
export type Prediction = 'logits' | 'probabilities';

/** A loss that the GPU is computing. Reading it waits for its step, and for all before it. */
export interface DeferredLoss {
  read(): Promise<number>;
}

/** `simple-cnn` on a device where weights, gradients and moments stay; everything is queued in the order of the calls. */
export interface DeviceNetwork {
  /** Queues one step. */
  step(batch: TrainingBatch, adam: Required<AdamOptions>): DeferredLoss;
  computeGradients(batch: TrainingBatch): Promise<{ loss: number; gradients: Weights }>;
  /** [count × classes] */
  predict(pixels: Uint8Array, count: number, prediction: Prediction): Float32Array;
  /** Forgets the optimiser's moments. */
  resetOptimizer(): void;
  writeWeights(weights: Weights): void;
  readWeights(): Weights;
  release(): void;
}
