import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ModelSpec, sgd, simpleCnn } from '@dlcmp/contract';
import { SharedHeap } from '@dlcmp/kernels';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { DenseWeights } from '../../src/blocks/dense-weights';
import { SMALL_SPEC } from '../small-spec';
import { batchOf, createByBlocks, imagesOf } from './specs';

const onLinux = process.platform === 'linux' ? it : it.skip;

/** Its first dense layer is 97 % of it. */
const DENSE_LENGTH = 16 * 16 * 32 * 512;
const SPEC: ModelSpec = {
  ...SMALL_SPEC,
  ...{ inputHeight: 128, inputWidth: 128 },
  network: simpleCnn({ channels: [4, 8, 32], hiddenUnits: 512, dropoutRate: 0 }),
};
const PLAIN = { optimizer: sgd(), learningRate: 1e-3 };

/** Threads of this process. */
function threadCount(): number {
  return readdirSync('/proc/self/task').length;
}

/** Has Node.js start the threads that it reads files with. */
async function startThreadsOfNode(): Promise<void> {
  await Promise.all(Array.from({ length: 16 }, () => readFile(new URL(import.meta.url))));
}

/** Bytes of all typed arrays that something refers to. */
function arrayBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().arrayBuffers;
}

/** How many arrays are laid on heaps from now on that are as large as the dense layer's weights. */
function countLargeArrays(): () => number {
  const laid = jest.spyOn(SharedHeap.prototype, 'floats');
  return () => laid.mock.calls.filter(([length]) => length >= DENSE_LENGTH).length;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a model by blocks', () => {
  onLinux('has one pool of threads for training and inference', async () => {
    await startThreadsOfNode();
    const before = threadCount();
    const classifier = await createByBlocks(SMALL_SPEC, 4);
    const created = threadCount();
    expect(created - before).toBeLessThanOrEqual(4);
    await classifier.trainStep(batchOf(SMALL_SPEC, 8));
    expect(threadCount()).toBe(created);
    await classifier.predict(imagesOf(SMALL_SPEC, 8).pixels, 8);
    expect(threadCount()).toBe(created);
    await classifier.dispose();
  });

  it('holds its weights once, for training and inference', async () => {
    const largeArrays = countLargeArrays();
    const bytes = arrayBytes();
    const classifier = await createByBlocks(SPEC, 2);
    for (let round = 0; round < 2; round++) {
      await classifier.trainStep(batchOf(SPEC, 2), PLAIN);
      await classifier.predict(imagesOf(SPEC, 2).pixels, 2);
    }
    expect(largeArrays()).toBe(1);
    expect(arrayBytes() - bytes).toBeLessThan((DENSE_LENGTH * 4) / 2);
    await classifier.dispose();
  });

  it('has Adam’s two moments beside them', async () => {
    const classifier = await createByBlocks(SPEC, 2);
    const largeArrays = countLargeArrays();
    await classifier.trainStep(batchOf(SPEC, 2));
    await classifier.predict(imagesOf(SPEC, 2).pixels, 2);
    expect(largeArrays()).toBe(2);
    await classifier.dispose();
  });

  it('leaves the weights in the kernels’ layout between steps and answers', async () => {
    const classifier = await createByBlocks(SPEC, 2);
    const moves = [
      jest.spyOn(DenseWeights.prototype, 'read'),
      jest.spyOn(DenseWeights.prototype, 'write'),
    ];
    await classifier.trainStep(batchOf(SPEC, 2), PLAIN);
    await classifier.predict(imagesOf(SPEC, 2).pixels, 2);
    for (const move of moves) expect(move).not.toHaveBeenCalled();
    await classifier.getWeights();
    expect(moves[0]).toHaveBeenCalledTimes(1);
    await classifier.dispose();
  });
});
