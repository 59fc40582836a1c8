import { readFile } from 'node:fs/promises';
import { assertArgument } from '@dlcmp/contract';
import { TREE_GROWER_URL } from './built-files';
import { instantiateTreeGrower, PAGE_BYTES } from './tree-grower-module';

/** A training set in memory that all workers share, twice: by rows and by columns. */
export interface SharedTrainingSet {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly labels: Int32Array;
  readonly sampleCount: number;
  readonly featureCount: number;
  readonly classCount: number;
  /** Address of the values by rows, u8 [samples × features]. */
  readonly rowMajor: number;
  /** Address of the values by columns, u8 [features × samples]; a worker has to fill them in. */
  readonly columnMajor: number;
  /** Where the workspace of each worker begins. */
  readonly workspaces: readonly number[];
}

/** Below this lies what the module keeps for itself. */
const FIRST_ADDRESS = 4096;
const MAX_BYTES = 2 ** 32;
const ALIGNMENT = 64;

/**
 * Copies the values into shared memory, with room for `workerCount` workers.
 *
 * @throws `INVALID_ARGUMENT` beyond 4 GiB, which is all that WebAssembly can address
 */
export async function shareTrainingSet(
  values: Uint8Array,
  labels: Int32Array,
  classCount: number,
  workerCount: number,
): Promise<SharedTrainingSet> {
  const module = await WebAssembly.compile(await readFile(TREE_GROWER_URL));
  const sampleCount = labels.length;
  const featureCount = values.length / sampleCount;
  const workspaceBytes = await measureWorkspace(module, sampleCount, featureCount, classCount);
  const rowMajor = FIRST_ADDRESS;
  const columnMajor = align(rowMajor + values.length);
  const firstWorkspace = align(columnMajor + values.length);
  const end = firstWorkspace + workerCount * workspaceBytes;
  assertArgument(
    end <= MAX_BYTES,
    `${sampleCount} samples of ${featureCount} features take ${end} bytes to train on, and at most 4 GiB can be addressed. Take fewer samples, smaller images or fewer threads.`,
  );
  const memory = createMemory(end);
  new Uint8Array(memory.buffer, rowMajor, values.length).set(values);
  const workspaces = Array.from(
    { length: workerCount },
    (_, worker) => firstWorkspace + worker * workspaceBytes,
  );
  return {
    module,
    memory,
    labels,
    sampleCount,
    featureCount,
    classCount,
    rowMajor,
    columnMajor,
    workspaces,
  };
}

async function measureWorkspace(
  module: WebAssembly.Module,
  sampleCount: number,
  featureCount: number,
  classCount: number,
): Promise<number> {
  const { layOut } = await instantiateTreeGrower(module, createMemory(FIRST_ADDRESS));
  return align(layOut(0, sampleCount, featureCount, classCount) >>> 0);
}

function createMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

function align(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}
