import { createRequire } from 'node:module';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorFlowModules } from '../../tensorflow-modules';
import { keepProcessListeners } from './process-listeners';

const THREADED_BUILD = 'WASM_HAS_MULTITHREAD_SUPPORT';
/** TensorFlow.js's word for "as many as there are". */
const DEFAULT_THREADS = -1;

/**
 * An instance of TensorFlow.js's WebAssembly backend whose heap is shared memory, so that threads of
 * our own can compute on it. That is its multi-threaded build, which TensorFlow.js does not use in
 * Node.js because its own threads do not start there (https://github.com/tensorflow/tfjs/issues/3830):
 * it gets one thread, and stand-ins for the workers that it would start in advance.
 */
export async function startSharedBackend({ core, wasm }: TensorFlowModules): Promise<BackendWasm> {
  await keepProcessListeners(() => core.ready());
  core.env().set(THREADED_BUILD, true);
  wasm.setThreadsCount(1);
  const restoreWorker = replaceBlobWorkers();
  try {
    const factory = core.findBackendFactory('wasm');
    return (await keepProcessListeners(factory)) as BackendWasm;
  } finally {
    restoreWorker();
    wasm.setThreadsCount(DEFAULT_THREADS);
    core.env().set(THREADED_BUILD, false);
  }
}

/** Answers as a worker that has loaded its script, and never gets anything to do. */
class IdleWorker {
  onmessage?: (event: { data: { cmd: 'loaded' } }) => void;
  on(): void {}
  unref(): void {}
  terminate(): void {}
  postMessage(): void {
    queueMicrotask(() => this.onmessage?.({ data: { cmd: 'loaded' } }));
  }
}

/**
 * Until the function that it returns is called, a worker whose script is a blob, which Node.js would
 * refuse, is an {@link IdleWorker}.
 */
function replaceBlobWorkers(): () => void {
  const threads = createRequire(import.meta.url)('node:worker_threads');
  const { Worker } = threads;
  const globalWorker = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  threads.Worker = new Proxy(Worker, {
    construct(target, [script, ...rest], newTarget) {
      if (!String(script).startsWith('blob:')) {
        return Reflect.construct(target, [script, ...rest], newTarget);
      }
      URL.revokeObjectURL(script);
      return new IdleWorker();
    },
  });
  return () => {
    threads.Worker = Worker;
    if (globalWorker) Object.defineProperty(globalThis, 'Worker', globalWorker);
    else Reflect.deleteProperty(globalThis, 'Worker');
  };
}
