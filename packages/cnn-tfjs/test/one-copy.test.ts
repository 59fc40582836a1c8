import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSeparableImages } from '@dlcmp/bench-core/testing';
import { type ModelSpec, sgd, simpleCnn } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { cnnTfjs } from '../src';
import { FAST_ENGINES_UNDER_TEST } from './engines-under-test';
import { SMALL_SPEC } from './small-spec';

const THREADS = 4;
const UNITS = 2048;
/** Of its first dense layer's weights, 98 % of it. */
const DENSE_BYTES = 16 * 16 * 32 * UNITS * 4;
const SPEC: ModelSpec = {
  ...SMALL_SPEC,
  ...{ inputHeight: 128, inputWidth: 128 },
  network: simpleCnn({ channels: [4, 8, 32], hiddenUnits: UNITS, dropoutRate: 0 }),
};
const ENGINES = ['wasm', 'tuned'].filter((engine) => FAST_ENGINES_UNDER_TEST.includes(engine));
const isLinux = process.platform === 'linux';

/** Threads of this process, and its resident memory in bytes. */
function usage() {
  return { threads: readdirSync('/proc/self/task').length, bytes: process.memoryUsage.rss() };
}

/** Has Node.js start the threads that it reads files with. */
async function startThreadsOfNode(): Promise<void> {
  await Promise.all(Array.from({ length: 16 }, () => readFile(new URL(import.meta.url))));
}

(isLinux ? describe : describe.skip).each(ENGINES)('%s', (engine) => {
  it('has one pool of threads and one copy of the weights for training and inference', async () => {
    const { inputHeight, inputWidth, classNames } = SPEC;
    const size = { classCount: classNames.length, inputHeight, inputWidth };
    const { pixels, labels } = createSeparableImages({ count: 4, seed: 1, ...size });
    const masks = { dropout: new Uint8Array(4 * UNITS).fill(1) };
    const step = () =>
      classifier.trainStep(
        { pixels, labels, size: 4, masks },
        { optimizer: sgd(), learningRate: 1e-3 },
      );
    await startThreadsOfNode();
    const before = usage();
    const classifier = await cnnTfjs.create(SPEC, { engine, threads: THREADS });
    // The first steps trace the network, and gradient descent writes weights to new memory.
    for (let count = 0; count < 3; count++) await step();
    const trained = usage();
    // TensorFlow has one more, which starts its steps.
    expect(trained.threads - before.threads).toBeLessThanOrEqual(THREADS + 1);
    await classifier.predict(pixels, 4);
    await step();
    await classifier.predict(pixels, 4);
    const used = usage();
    expect(used.threads).toBe(trained.threads);
    expect(used.bytes - trained.bytes).toBeLessThan(DENSE_BYTES / 2);
    await classifier.dispose();
  });
});
