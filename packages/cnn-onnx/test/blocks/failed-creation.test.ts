import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { networkOf } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import * as onnxruntime from 'onnxruntime-node';
import { BlockPredictor } from '../../src/blocks/block-predictor';
import { BlockTrainer } from '../../src/blocks/block-trainer';
import { type SplitNetwork, splitNetwork } from '../../src/blocks/split-network';
import { findNativeLibrary } from '../../src/runtime/native-library';
import { createOnnxRuntime } from '../../src/runtime/onnx-runtime';
import { SMALL_SPEC } from '../small-spec';

const THREADS = 4;
/** More images than 4 GB of memory take. */
const TOO_MANY = 2 ** 31;

const library = findNativeLibrary() as string;
const runtime = createOnnxRuntime(onnxruntime, THREADS);
const network = networkOf(SMALL_SPEC);
const split = splitNetwork(network) as SplitNetwork;

const creations: readonly [string, () => Promise<unknown>][] = [
  ['BlockTrainer', () => BlockTrainer.create(runtime, library, network, split, {})],
  ['BlockPredictor', () => BlockPredictor.create(runtime, library, split, TOO_MANY)],
];

/** Threads of this process, on Linux. */
function threadCount(): number {
  return readdirSync('/proc/self/task').length;
}

(process.platform === 'linux' ? describe : describe.skip)('a creation that fails midway', () => {
  it.each(creations)('of a %s leaves no thread behind', async (_, create) => {
    await expect(create()).rejects.toThrow();
    const before = threadCount();
    for (let time = 0; time < 3; time++) await expect(create()).rejects.toThrow();
    for (let tries = 0; tries < 100 && threadCount() > before; tries++) await wait(50);
    expect(threadCount()).toBeLessThanOrEqual(before);
  });
});
