import type { Network, TrainingBatch } from '@dlcmp/contract';
import type { Tensor } from 'onnxruntime-node';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { PIXELS } from './pixel-input';
import { BATCH_SIZE, LABELS, maskName } from './value-names';

/** What a training graph takes of a batch, not copied. */
export function trainingFeeds(
  { tensor }: Pick<OnnxRuntime, 'tensor'>,
  { inputHeight, inputWidth, masks }: Network,
  batch: TrainingBatch,
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {
    [PIXELS]: tensor('uint8', batch.pixels, [batch.size, inputHeight, inputWidth, 3]),
    [LABELS]: tensor('int32', batch.labels, [batch.size]),
    [BATCH_SIZE]: tensor('float32', Float32Array.of(batch.size), []),
  };
  for (const [name, { shape }] of Object.entries(masks)) {
    const mask = batch.masks[name] as Uint8Array;
    feeds[maskName(name)] = tensor('uint8', mask, [batch.size, ...shape]);
  }
  return feeds;
}
