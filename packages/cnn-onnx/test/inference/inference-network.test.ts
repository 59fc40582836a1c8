import type { ModelSpec } from '@dlcmp/bench-core/contract';
import { createSeparableImages } from '@dlcmp/bench-core/testing';
import { describe, expect, it } from '@jest/globals';
import * as onnxruntime from 'onnxruntime-node';
import { createCnnOnnx } from '../../src/index';
import { relativeError } from '../relative-error';
import { SMALL_SPEC } from '../small-spec';

function spec(changes: Partial<ModelSpec>): ModelSpec {
  return { ...SMALL_SPEC, ...changes };
}

/** Sizes that leave rests: of windows, tiles, units, channels and hidden units. */
const SPECS: readonly [string, ModelSpec][] = [
  ['3 blocks of few channels', SMALL_SPEC],
  [
    'images of several units',
    spec({
      ...{ inputHeight: 67, inputWidth: 94 },
      architecture: { channels: [8, 12, 5], hiddenUnits: 21, dropoutRate: 0 },
    }),
  ],
  [
    'more than a group of channels',
    spec({
      ...{ inputHeight: 18, inputWidth: 10 },
      architecture: { channels: [4, 4, 37], hiddenUnits: 8, dropoutRate: 0 },
    }),
  ],
];

async function createBoth(of: ModelSpec, threads: number) {
  const options = { backend: 'cpu', threads };
  return {
    blocks: await createCnnOnnx().create(of, options),
    // A module of the caller's has its network run as one graph.
    graph: await createCnnOnnx({ onnxruntime }).create(of, options),
  };
}

describe.each(SPECS)('inference by blocks: %s', (_, of) => {
  it.each([1, 2, 3])(
    'answers as one graph does, on %i threads, before and after a step',
    async (threads) => {
      const { inputHeight, inputWidth, classNames, seed } = of;
      const classCount = classNames.length;
      const images = createSeparableImages({
        ...{ count: 35, classCount, inputHeight, inputWidth, seed },
      });
      const { blocks, graph } = await createBoth(of, threads);
      const imageBytes = inputHeight * inputWidth * 3;
      const compare = async () => {
        for (const count of [35, 1, 2, 4]) {
          const pixels = images.pixels.subarray(0, count * imageBytes);
          const expected = await graph.predictLogits(pixels, count);
          expect(relativeError(await blocks.predictLogits(pixels, count), expected)).toBeLessThan(
            1e-5,
          );
        }
      };
      await compare();
      const size = 8;
      const hiddenUnits = of.architecture?.hiddenUnits as number;
      for (const classifier of [blocks, graph]) {
        await classifier.trainStep(
          {
            pixels: images.pixels.subarray(0, size * imageBytes),
            labels: images.labels.subarray(0, size),
            dropoutKeep: new Uint8Array(size * hiddenUnits).fill(1),
            size,
          },
          { learningRate: 0.01 },
        );
      }
      await compare();
      await Promise.all([blocks.dispose(), graph.dispose()]);
    },
  );
});
