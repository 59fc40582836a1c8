import type { Network, TrainingBatch } from '@dlcmp/contract';
import type { Tensor } from 'onnxruntime-node';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { inputArray, inputOf, PIXELS } from './pixel-input';
import { BATCH_SIZE, LABELS, maskName } from './value-names';

/** What a training graph takes of a batch, not copied. */
export function trainingFeeds(
  { tensor }: Pick<OnnxRuntime, 'tensor'>,
  network: Network,
  batch: TrainingBatch,
): Record<string, Tensor> {
  const { type, shape } = inputOf(network, batch.size);
  const feeds: Record<string, Tensor> = {
    [PIXELS]: tensor(type, inputArray(network, batch.pixels, batch.size), shape),
    [LABELS]: tensor('int32', batch.labels, [batch.size]),
    [BATCH_SIZE]: tensor('float32', Float32Array.of(batch.size), []),
  };
  for (const [name, { shape }] of Object.entries(network.masks)) {
    const mask = batch.masks[name] as Uint8Array;
    feeds[maskName(name)] = tensor('uint8', mask, [batch.size, ...shape]);
  }
  return feeds;
}
