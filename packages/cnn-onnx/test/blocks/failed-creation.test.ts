import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { networkOf, simpleCnn } from '@dlcmp/contract';
import { expect, it } from '@jest/globals';
import * as onnxruntime from 'onnxruntime-node';
import { BlocksModel } from '../../src/blocks/blocks-model';
import { type SplitNetwork, splitNetwork } from '../../src/blocks/split-network';
import { findNativeLibrary } from '../../src/runtime/native-library';
import { createOnnxRuntime } from '../../src/runtime/onnx-runtime';
import { SMALL_SPEC } from '../small-spec';

const THREADS = 4;

/** More weights than 4 GB of memory take. */
const network = networkOf({ ...SMALL_SPEC, network: simpleCnn({ hiddenUnits: 2 ** 28 }) });

/** Threads of this process, on Linux. */
function threadCount(): number {
  return readdirSync('/proc/self/task').length;
}

(process.platform === 'linux' ? it : it.skip)(
  'a model that fails midway through its creation leaves no thread behind',
  async () => {
    const runtime = createOnnxRuntime(onnxruntime, THREADS);
    const split = splitNetwork(network) as SplitNetwork;
    const open = () => BlocksModel.open(runtime, findNativeLibrary() as string, network, split);
    await expect(open()).rejects.toThrow('4 GB');
    const before = threadCount();
    for (let time = 0; time < 3; time++) await expect(open()).rejects.toThrow('4 GB');
    for (let tries = 0; tries < 100 && threadCount() > before; tries++) await wait(50);
    expect(threadCount()).toBeLessThanOrEqual(before);
  },
);
