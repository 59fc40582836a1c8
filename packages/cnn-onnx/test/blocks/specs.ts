import { createSeparableImages } from '@dlcmp/bench-core/testing';
import { elementCount, type ModelSpec, networkOf, simpleCnn } from '@dlcmp/contract';
import { createCnnOnnx } from '../../src/index';
import { SMALL_SPEC } from '../small-spec';

function spec(changes: Partial<ModelSpec>): ModelSpec {
  return { ...SMALL_SPEC, ...changes };
}

/** Sizes that leave rests: of windows, tiles, units, channels and hidden units. */
export const SPECS: readonly [string, ModelSpec][] = [
  ['3 blocks of few channels', SMALL_SPEC],
  [
    'images of several units',
    spec({
      ...{ inputHeight: 67, inputWidth: 94 },
      network: simpleCnn({ channels: [8, 12, 5], hiddenUnits: 21, dropoutRate: 0 }),
    }),
  ],
  [
    'more than a group of channels',
    spec({
      ...{ inputHeight: 18, inputWidth: 10 },
      network: simpleCnn({ channels: [4, 4, 37], hiddenUnits: 8, dropoutRate: 0 }),
    }),
  ],
];

export function createByBlocks(of: ModelSpec, threads: number) {
  return createCnnOnnx().create(of, { backend: 'blocks', threads });
}

/** The network trained and run as one graph. */
export function createAsGraph(of: ModelSpec, threads: number) {
  return createCnnOnnx().create(of, { backend: 'graph', threads });
}

export function imagesOf({ inputHeight, inputWidth, classNames, seed }: ModelSpec, count: number) {
  const classCount = classNames.length;
  return createSeparableImages({ ...{ count, classCount, inputHeight, inputWidth, seed } });
}

/** The first `size` of some images; every third hidden unit is left out. */
export function batchOf(of: ModelSpec, size: number) {
  const { pixels, labels } = imagesOf(of, size);
  const hiddenUnits = elementCount(networkOf(of).masks.dropout?.shape ?? []);
  const dropoutKeep = Uint8Array.from({ length: size * hiddenUnits }, (_, i) => (i % 3 ? 1 : 0));
  return { pixels, labels, masks: { dropout: dropoutKeep }, size };
}
