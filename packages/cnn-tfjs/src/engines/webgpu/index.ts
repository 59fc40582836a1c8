import type { BackendProbe } from '@dlcmp/contract';
import type { TensorFlow, TensorFlowModules } from '../../tensorflow-modules';
import { runOnBackend } from '../run-on-backend';
import type { OpenOptions, TensorFlowBackend, TensorFlowRuntime } from '../runtime';
import { examineAdapter } from './device/examine-adapter';
import { INSTALL_COMMAND, loadWebGpuPackages, type WebGpuPackages } from './device/load-packages';
import { adapterName, adapterRemedy } from './device/request-adapter';
import { adapterInUse, ENGINE_NAME, startEngine, type WebGpuEngine } from './engine';
import { applyAdam } from './kernels/adam';
import { trainBehind } from './train-behind';

const NAME = 'webgpu';

/** `@tensorflow/tfjs-backend-webgpu` with kernels of our own, on any GPU, through Dawn. */
export const webgpuBackend: TensorFlowBackend = { name: NAME, probe, open };

async function probe({ core }: TensorFlowModules): Promise<BackendProbe> {
  let packages: WebGpuPackages;
  try {
    packages = await loadWebGpuPackages(core);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name: NAME, available: false, reason, remedy: `Run: ${INSTALL_COMMAND}` };
  }
  const inUse = adapterInUse(core);
  const examination = inUse ? { info: inUse } : await examineAdapter();
  if (!examination.info) {
    return { name: NAME, available: false, reason: examination.reason, remedy: adapterRemedy() };
  }
  const { info } = examination;
  const versions = {
    '@tensorflow/tfjs-core': core.version_core,
    ...packages.versions,
    ...(info.description && { driver: info.description }),
  };
  return { name: NAME, available: true, device: adapterName(info), versions };
}

/** The engine of one copy of TensorFlow.js, and how many runtimes stand on it. */
interface SharedEngine {
  readonly engine: Promise<WebGpuEngine>;
  runtimes: number;
}

const engines = new WeakMap<TensorFlow, SharedEngine>();

/** `threads` are the CPU's, of which this needs one. */
async function open(
  { core: tf }: TensorFlowModules,
  { threads = 1 }: OpenOptions,
): Promise<TensorFlowRuntime> {
  await tf.ready();
  const shared = engines.get(tf) ?? { engine: startEngine(tf), runtimes: 0 };
  engines.set(tf, shared);
  shared.runtimes++;
  const engine = await shared.engine.catch((cause: unknown) => {
    engines.delete(tf);
    throw cause;
  });
  const runtime: TensorFlowRuntime = {
    tf,
    backend: NAME,
    threads,
    run: (compute) => runOnBackend(tf, ENGINE_NAME, compute),
    read: (tensor) => engine.read(tensor),
    applyAdam: (state, gradient, step) => applyAdam(engine.backend, state, gradient, step),
    compileTraining: (spec, weights) => trainBehind(runtime, spec, weights),
    async close() {
      shared.runtimes--;
      if (shared.runtimes > 0) return;
      engines.delete(tf);
      await engine.close();
    },
  };
  return runtime;
}
