import { parentPort, workerData } from 'node:worker_threads';
import type { ForestTask, ForestWorkerData } from './forest-tasks';
import { TreeGrower } from './tree-grower';

const { trainingSet, plan, worker } = workerData as ForestWorkerData;
const ready = TreeGrower.create(trainingSet, plan, worker);

parentPort?.on('message', async (task: ForestTask) => {
  const grower = await ready;
  if (task.kind === 'transpose') {
    grower.transpose(task.start, task.end);
    parentPort?.postMessage(undefined);
  } else {
    const tree = grower.grow(task.tree);
    const buffers = Object.values(tree).map(({ buffer }) => buffer as ArrayBuffer);
    parentPort?.postMessage(tree, buffers);
  }
});
