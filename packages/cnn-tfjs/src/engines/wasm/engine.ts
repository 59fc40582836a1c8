import { KernelPool } from '@dlcmp/kernels';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import type { TensorFlow, TensorFlowModules } from '../../tensorflow-modules';
import { convolutionKernels } from './convolution';
import { createHeap, type Heap, heapMemory } from './heap';
import { matMulKernels } from './mat-mul';
import { maxPoolKernels } from './max-pool';
import { keepProcessListeners } from './process-listeners';
import { startSharedBackend } from './shared-backend';

/** The name under which TensorFlow.js knows the backend; users' own `wasm` is left as it is. */
export const ENGINE_NAME = 'cnn-tfjs-wasm';

/** Never chosen by TensorFlow.js itself. */
const PRIORITY = 0;

/**
 * Starts an instance of TensorFlow.js's WebAssembly backend under a name of our own, with the
 * package's kernels in the place of those that it lacks or computes slowly.
 */
export async function startEngine(modules: TensorFlowModules): Promise<Heap> {
  const { core } = modules;
  const backend = await startSharedBackend(modules);
  const heap = createHeap(backend, await KernelPool.create(heapMemory(backend), 1));
  registerKernels(core, heap);
  core.registerBackend(ENGINE_NAME, () => backend, PRIORITY);
  return heap;
}

/** Takes the backend from TensorFlow.js at once, then ends its threads. */
export async function stopEngine(tf: TensorFlow, { pool }: Heap): Promise<void> {
  await keepProcessListeners(() => {
    tf.removeBackend(ENGINE_NAME);
    for (const { kernelName } of tf.getKernelsForBackend(ENGINE_NAME)) {
      tf.unregisterKernel(kernelName, ENGINE_NAME);
    }
  });
  await pool.close();
}

function registerKernels(tf: TensorFlow, heap: Heap): void {
  const kernels = new Map(
    Object.entries({
      ...convolutionKernels(tf, heap),
      ...maxPoolKernels(tf, heap),
      ...matMulKernels(heap),
    }),
  );
  for (const stock of tf.getKernelsForBackend('wasm')) {
    if (!kernels.has(stock.kernelName)) tf.registerKernel({ ...stock, backendName: ENGINE_NAME });
  }
  for (const [kernelName, kernel] of kernels) {
    const compute = kernel as (inputs: unknown, attributes: unknown) => ReturnType<KernelFunc>;
    const kernelFunc: KernelFunc = ({ inputs, attrs }) => compute(inputs, attrs);
    tf.registerKernel({ kernelName, backendName: ENGINE_NAME, kernelFunc });
  }
}
