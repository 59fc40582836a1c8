import { elementCount, type Network, type TrainingBatch } from '@dlcmp/contract';
import { PIXELS } from '../pixel-input';
import { BATCH_SIZE, LABELS, maskName } from '../value-names';
import type { Feeds, HostArray } from './graph-device';

/** What a training graph is fed of batches of `size` images. */
export function batchFeeds({ inputHeight, inputWidth, masks }: Network, size: number): Feeds {
  return {
    [PIXELS]: { type: 'uint8', shape: [size, inputHeight, inputWidth, 3] },
    [LABELS]: { type: 'int32', shape: [size] },
    [BATCH_SIZE]: { type: 'float32', shape: [] },
    ...Object.fromEntries(
      Object.entries(masks).map(([name, { shape }]) => [
        maskName(name),
        { type: 'uint8', shape: [size, ...shape] },
      ]),
    ),
  };
}

/** A batch as {@link batchFeeds} says, not copied. */
export function batchArrays(
  { inputHeight, inputWidth, masks }: Network,
  batch: TrainingBatch,
): Record<string, HostArray> {
  const { size, pixels, labels } = batch;
  return {
    [PIXELS]: pixels.subarray(0, size * inputHeight * inputWidth * 3),
    [LABELS]: labels.subarray(0, size),
    [BATCH_SIZE]: Float32Array.of(size),
    ...Object.fromEntries(
      Object.entries(masks).map(([name, { shape }]) => [
        maskName(name),
        (batch.masks[name] as Uint8Array).subarray(0, size * elementCount(shape)),
      ]),
    ),
  };
}
