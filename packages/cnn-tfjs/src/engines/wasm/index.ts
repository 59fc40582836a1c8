import { availableParallelism } from 'node:os';
import type { BackendProbe } from '@dlcmp/contract';
import { canRunKernels } from '@dlcmp/kernels';
import type { TensorFlow, TensorFlowModules } from '../../tensorflow-modules';
import { readNow } from '../read-now';
import { runOnBackend } from '../run-on-backend';
import type { OpenOptions, TensorFlowBackend, TensorFlowRuntime } from '../runtime';
import { applyAdam } from './adam';
import { ENGINE_NAME, startEngine, stopEngine } from './engine';
import type { Heap } from './heap';

const NAME = 'wasm';

/** `@tensorflow/tfjs-backend-wasm` with kernels and threads of our own, on the CPU. */
export const wasmBackend: TensorFlowBackend = { name: NAME, probe, open };

async function probe({ core, wasm }: TensorFlowModules): Promise<BackendProbe> {
  if (!canRunKernels()) {
    return { name: NAME, available: false, reason: 'This CPU has no 128-bit vector instructions.' };
  }
  const versions = {
    '@tensorflow/tfjs-core': core.version_core,
    '@tensorflow/tfjs-backend-wasm': wasm.version_wasm,
  };
  return { name: NAME, available: true, device: 'CPU', versions };
}

/** The engine of one copy of TensorFlow.js, and how many runtimes stand on it. */
interface SharedEngine {
  readonly heap: Promise<Heap>;
  runtimes: number;
}

const engines = new WeakMap<TensorFlow, SharedEngine>();

async function open(
  modules: TensorFlowModules,
  { threads = availableParallelism() }: OpenOptions,
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
    backend: NAME,
    threads,
    run(compute) {
      heap.threads = threads;
      return runOnBackend(tf, ENGINE_NAME, compute);
    },
    read: readNow,
    applyAdam: (state, gradient, step) => applyAdam(heap, state, gradient, step),
    close,
  };
}
