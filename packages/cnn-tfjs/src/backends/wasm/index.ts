import type { BackendProbe } from '@dlcmp/bench-core/contract';
import { readKernelBinary } from '../../kernel-binary';
import type { TensorFlow, TensorFlowModules } from '../../tensorflow-modules';
import type { TensorFlowBackend, TensorFlowRuntime } from '../backend';
import { ENGINE_NAME, startEngine, stopEngine } from './engine';
import type { Heap } from './heap';

/** `@tensorflow/tfjs-backend-wasm` with kernels of our own for training, on the CPU. */
export const wasmBackend: TensorFlowBackend = { name: 'wasm', probe, open };

async function probe({ core, wasm }: TensorFlowModules): Promise<BackendProbe> {
  if (!WebAssembly.validate(await readKernelBinary())) {
    return { name: 'wasm', available: false, reason: 'This CPU has no 128-bit SIMD.' };
  }
  const versions = {
    '@tensorflow/tfjs-core': core.version_core,
    '@tensorflow/tfjs-backend-wasm': wasm.version_wasm,
  };
  return { name: 'wasm', available: true, device: 'CPU', versions };
}

/** The engine of a copy of TensorFlow.js, and how many runtimes stand on it. */
interface SharedEngine {
  readonly heap: Promise<Heap>;
  runtimes: number;
}

const engines = new WeakMap<TensorFlow, SharedEngine>();

async function open({ core: tf }: TensorFlowModules): Promise<TensorFlowRuntime> {
  const engine = engines.get(tf) ?? { heap: startEngine(tf), runtimes: 0 };
  engines.set(tf, engine);
  engine.runtimes++;
  const heap = await engine.heap.catch((cause: unknown) => {
    engines.delete(tf);
    throw cause;
  });
  return {
    tf,
    backend: 'wasm',
    threads: 1,
    run: (compute) => runOnEngine(tf, compute),
    applyAdam({ weight, firstMoment, secondMoment }, gradient, step) {
      const { beta1, beta2, stepSize, rootScale, epsilon } = step;
      const addresses = [weight, firstMoment, secondMoment, gradient].map(heap.address);
      heap.kernels.adam(...addresses, weight.size, beta1, beta2, stepSize, rootScale, epsilon);
    },
    async close() {
      engine.runtimes--;
      if (engine.runtimes > 0) return;
      engines.delete(tf);
      await stopEngine(tf);
    },
  };
}

function runOnEngine<Result>(tf: TensorFlow, compute: () => Result): Result {
  const current = tf.getBackend();
  // Both backends are ready, so that setBackend has done its work when it returns its promise.
  void tf.setBackend(ENGINE_NAME);
  try {
    return compute();
  } finally {
    void tf.setBackend(current);
  }
}
