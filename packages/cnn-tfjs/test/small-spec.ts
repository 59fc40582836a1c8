import { createSeparableImages } from '@dlcmp/bench-core/testing';
import { type ModelSpec, simpleCnn } from '@dlcmp/contract';

/** A network that trains in milliseconds. */
export const SMALL_SPEC: ModelSpec = {
  inputHeight: 9,
  inputWidth: 8,
  classNames: ['forest', 'glacier', 'sea'],
  seed: 7,
  network: simpleCnn({ channels: [3, 4, 5], hiddenUnits: 6, dropoutRate: 0.5 }),
};

/** Images for {@link SMALL_SPEC}. */
export function smallImages(count: number) {
  const { inputHeight, inputWidth, classNames, seed } = SMALL_SPEC;
  const classCount = classNames.length;
  return createSeparableImages({ count, classCount, inputHeight, inputWidth, seed });
}
