import { elementCount, type Network, type TrainingBatch } from '@dlcmp/contract';
import { inputArray, inputOf, PIXELS } from '../pixel-input';
import { BATCH_SIZE, LABELS, maskName } from '../value-names';
import type { Feeds, HostArray } from './graph-device';

/** What a training graph is fed of batches of `size` images. */
export function batchFeeds(network: Network, size: number): Feeds {
  return {
    [PIXELS]: inputOf(network, size),
    [LABELS]: { type: 'int32', shape: [size] },
    [BATCH_SIZE]: { type: 'float32', shape: [] },
    ...Object.fromEntries(
      Object.entries(network.masks).map(([name, { shape }]) => [
        maskName(name),
        { type: 'uint8', shape: [size, ...shape] },
      ]),
    ),
  };
}

/** A batch as {@link batchFeeds} says, not copied. */
export function batchArrays(network: Network, batch: TrainingBatch): Record<string, HostArray> {
  const { size, pixels, labels } = batch;
  return {
    [PIXELS]: inputArray(network, pixels, size),
    [LABELS]: labels.subarray(0, size),
    [BATCH_SIZE]: Float32Array.of(size),
    ...Object.fromEntries(
      Object.entries(network.masks).map(([name, { shape }]) => [
        maskName(name),
        (batch.masks[name] as Uint8Array).subarray(0, size * elementCount(shape)),
      ]),
    ),
  };
}
