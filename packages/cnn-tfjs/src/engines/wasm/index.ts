import { availableParallelism } from 'node:os';
import { assertFitsMemory, type ComputedPart, WEBASSEMBLY_LIMIT } from '@dlcmp/contract';
import { canRunKernels } from '@dlcmp/kernels';
import type { TensorFlow, TensorFlowModules } from '../../tensorflow-modules';
import { readNow } from '../read-now';
import { runOnBackend } from '../run-on-backend';
import type { TensorFlowRuntime } from '../runtime';
import { supportsSimpleWindows } from '../simple-windows';
import type { RuntimeOptions, TensorEngineTable } from '../tensor-engine';
import { applyAdam } from './adam';
import { ENGINE_NAME, startEngine, stopEngine } from './engine';
import type { Heap } from './heap';

const COMPUTED_BY: readonly ComputedPart[] = [
  { part: 'convolution', by: 'dlcmp', what: 'WebAssembly kernels of dlcmp (packed products)' },
  { part: 'matrix products', by: 'dlcmp', what: 'WebAssembly kernels of dlcmp' },
  { part: 'pooling', by: 'dlcmp', what: 'WebAssembly kernels of dlcmp; averages by TensorFlow.js' },
  { part: 'batch norm', by: 'framework', what: "TensorFlow.js's WebAssembly backend, one thread" },
  { part: 'activations', by: 'framework', what: "TensorFlow.js's WebAssembly backend, one thread" },
  { part: 'loss', by: 'framework', what: "TensorFlow.js's WebAssembly backend" },
  {
    part: 'optimiser',
    by: 'dlcmp',
    what: "Adam by WebAssembly kernels of dlcmp; others by TensorFlow.js's backend",
  },
];

/** `@tensorflow/tfjs-backend-wasm` with kernels and threads of our own, on the CPU. */
export const wasmEngine: TensorEngineTable = {
  id: 'wasm',
  title: 'TensorFlow.js on WebAssembly, kernels of dlcmp',
  devices: ['cpu'],
  computedBy: COMPUTED_BY,
  supports: supportsSimpleWindows,
  probe,
  async open(modules, options, network) {
    assertFitsMemory(network.weightShapes, WEBASSEMBLY_LIMIT);
    return openWasm(modules, options);
  },
};

async function probe({ core, wasm }: TensorFlowModules) {
  if (!canRunKernels()) {
    return { available: false, reason: 'This CPU has no 128-bit vector instructions.' } as const;
  }
  const versions = {
    '@tensorflow/tfjs-core': core.version_core,
    '@tensorflow/tfjs-backend-wasm': wasm.version_wasm,
  };
  return { available: true, hardware: 'CPU', versions } as const;
}

/** The engine of one copy of TensorFlow.js, and how many runtimes stand on it. */
interface SharedEngine {
  readonly heap: Promise<Heap>;
  runtimes: number;
}

const engines = new WeakMap<TensorFlow, SharedEngine>();

/** A runtime on the WebAssembly backend; all share one. */
export async function openWasm(
  modules: TensorFlowModules,
  { threads = availableParallelism() }: Pick<RuntimeOptions, 'threads'>,
): Promise<TensorFlowRuntime> {
  const tf = modules.core;
  const engine = engines.get(tf) ?? { heap: startEngine(modules), runtimes: 0 };
  engines.set(tf, engine);
  engine.runtimes++;
  const heap = await engine.heap.catch((cause: unknown) => {
    engines.delete(tf);
    throw cause;
  });
  const close = async () => {
    engine.runtimes--;
    if (engine.runtimes > 0) return;
    engines.delete(tf);
    await stopEngine(tf, heap);
  };
  await heap.pool.grow(threads).catch(async (cause: unknown) => {
    await close();
    throw cause;
  });
  return {
    tf,
    blocks: 'pooled-first',
    run(compute) {
      heap.threads = threads;
      return runOnBackend(tf, ENGINE_NAME, compute);
    },
    read: readNow,
    applyAdam: (state, gradient, factors) => applyAdam(heap, state, gradient, factors),
    close,
  };
}
