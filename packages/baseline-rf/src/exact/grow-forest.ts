import { type FitOptions, throwIfAborted } from '@dlcmp/contract';
import { WORKER_URL } from './built-files';
import type { ForestTask, ForestWorkerData } from './forest-tasks';
import { type SharedTrainingSet, shareTrainingSet } from './shared-training-set';
import type { Tree } from './tree';
import type { GrowthPlan } from './tree-grower';
import { WorkerPool } from './worker-pool';

/** Columns that a worker transposes at a time. */
const TRANSPOSE_BAND = 512;

/** What a forest is grown on. */
export interface TrainingSamples {
  /** [samples × features] */
  readonly values: Uint8Array;
  /** [samples] */
  readonly labels: Int32Array;
  readonly classCount: number;
}

/**
 * Grows `treeCount` trees, one a task, in up to `threads` workers. The forest does not depend on
 * how many there are.
 *
 * @throws `INVALID_ARGUMENT`, `ABORTED`
 */
export async function growForest(
  samples: TrainingSamples,
  plan: GrowthPlan,
  treeCount: number,
  threads: number,
  { signal, onProgress }: FitOptions,
): Promise<Tree[]> {
  throwIfAborted(signal);
  const workerCount = Math.min(threads, treeCount);
  const { values, labels, classCount } = samples;
  const trainingSet = await shareTrainingSet(values, labels, classCount, workerCount);
  const pool = startWorkers(trainingSet, plan);
  const stop = () => void pool.close();
  signal?.addEventListener('abort', stop);
  try {
    await transpose(pool, trainingSet.featureCount);
    const trees = new Array<Tree>(treeCount);
    let completed = 0;
    await pool.run(
      Array.from({ length: treeCount }, (_, tree) => ({ kind: 'grow', tree })),
      (tree, index) => {
        throwIfAborted(signal);
        trees[index] = tree as Tree;
        onProgress?.({ unit: 'tree', completed: ++completed, total: treeCount });
      },
    );
    return trees;
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.close();
  }
}

type ForestPool = WorkerPool<ForestTask, Tree | undefined>;

function startWorkers(trainingSet: SharedTrainingSet, plan: GrowthPlan): ForestPool {
  const workerData = trainingSet.workspaces.map(
    (_, worker): ForestWorkerData => ({ trainingSet, plan, worker }),
  );
  return new WorkerPool(WORKER_URL, workerData);
}

function transpose(pool: ForestPool, featureCount: number): Promise<void> {
  const bands: ForestTask[] = [];
  for (let start = 0; start < featureCount; start += TRANSPOSE_BAND) {
    const end = Math.min(start + TRANSPOSE_BAND, featureCount);
    bands.push({ kind: 'transpose', start, end });
  }
  return pool.run(bands, () => {});
}
