import type { TrainingBatch } from '@dlcmp/contract';
import type { Network } from './network';
import { softmaxCrossEntropy } from './softmax-cross-entropy';

/**
 * Leaves the gradients of the batch's mean cross-entropy in the network's parameters.
 *
 * @returns that mean
 */
export function accumulateBatchGradients(network: Network, batch: TrainingBatch): number {
  const imageBytes = batch.pixels.length / batch.size;
  const mask = batch.masks.dropout as Uint8Array;
  const hiddenUnits = mask.length / batch.size;
  network.clearGradients();
  let meanLoss = 0;
  for (let i = 0; i < batch.size; i++) {
    const image = batch.pixels.subarray(i * imageBytes, (i + 1) * imageBytes);
    const keep = mask.subarray(i * hiddenUnits, (i + 1) * hiddenUnits);
    const logits = network.forward(image, keep);
    const { loss, logitGradient } = softmaxCrossEntropy(logits, batch.labels[i] as number);
    meanLoss += loss / batch.size;
    network.backward(logitGradient.map((gradient) => gradient / batch.size));
  }
  return meanLoss;
}
