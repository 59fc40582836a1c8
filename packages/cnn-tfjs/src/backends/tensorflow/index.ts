import { availableParallelism } from 'node:os';
import type { BackendProbe } from '@dlcmp/bench-core/contract';
import { unpackNamedArchive } from '../../setup/unpack-named-archive';
import type { TensorFlow, TensorFlowModules } from '../../tensorflow-modules';
import type {
  AdamState,
  AdamStep,
  OpenOptions,
  TensorFlowBackend,
  TensorFlowRuntime,
} from '../backend';
import { hasKernelFor, type NativeLibrary } from './binding/native-library';
import { startEngine, stopEngine, type TensorFlowEngine } from './engine';
import { applyAdamInPlace } from './kernels/adam';
import { ONEDNN_OP } from './kernels/one-dnn';
import { loadFirstLibrary, SETUP_COMMAND } from './library/find-library';

const NAME = 'tensorflow';

/** Native TensorFlow, through its C API. */
export const tensorFlowBackend: TensorFlowBackend = { name: NAME, probe, open };

async function probe({ core }: TensorFlowModules): Promise<BackendProbe> {
  const library = await tryToLoad();
  if (typeof library === 'string') {
    return { name: NAME, available: false, reason: library, remedy: `Run: ${SETUP_COMMAND}` };
  }
  const versions = {
    '@tensorflow/tfjs-core': core.version_core,
    TensorFlow: library.c.TF_Version(),
    koffi: library.koffi.version,
    'oneDNN kernels': hasKernelFor(library, ONEDNN_OP) ? 'yes' : 'no',
  };
  return { name: NAME, available: true, device: 'CPU', versions };
}

/** The library, or why there is none. */
async function tryToLoad(): Promise<NativeLibrary | string> {
  try {
    await unpackNamedArchive();
    return loadFirstLibrary();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The engines of one copy of TensorFlow.js by their number of threads. */
type Engines = Map<number, { readonly engine: TensorFlowEngine; runtimes: number }>;

const enginesOf = new WeakMap<TensorFlow, Engines>();

async function open(
  { core: tf }: TensorFlowModules,
  { threads = availableParallelism() }: OpenOptions,
): Promise<TensorFlowRuntime> {
  await unpackNamedArchive();
  await tf.ready();
  const engines: Engines = enginesOf.get(tf) ?? new Map();
  enginesOf.set(tf, engines);
  const shared = engines.get(threads) ?? {
    engine: startEngine(tf, loadFirstLibrary(), threads),
    runtimes: 0,
  };
  engines.set(threads, shared);
  shared.runtimes++;
  const { engine } = shared;
  return {
    tf,
    backend: NAME,
    threads,
    run: (compute) => runOnEngine(tf, engine, compute),
    applyAdam: (state, gradient, step) => applyAdam(engine, state, gradient, step),
    async close() {
      shared.runtimes--;
      if (shared.runtimes > 0) return;
      engines.delete(threads);
      stopEngine(tf, engine);
    },
  };
}

function runOnEngine<Result>(
  tf: TensorFlow,
  { name }: TensorFlowEngine,
  compute: () => Result,
): Result {
  const current = tf.getBackend();
  // Both backends are ready, so that setBackend has done its work when it returns its promise.
  void tf.setBackend(name);
  try {
    return compute();
  } finally {
    void tf.setBackend(current);
  }
}

/** TensorFlow adds epsilon to the root as such, and so takes it divided by the root's correction. */
function applyAdam(
  { backend }: TensorFlowEngine,
  state: AdamState,
  gradient: Parameters<TensorFlowRuntime['applyAdam']>[1],
  { beta1, beta2, stepSize, rootScale, epsilon }: AdamStep,
): void {
  const rates = { rate: stepSize / rootScale, beta1, beta2, epsilon: epsilon / rootScale };
  applyAdamInPlace(backend, state, gradient, rates);
}
