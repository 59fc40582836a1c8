import { type ComputedPart, DlcmpError, type Network } from '@dlcmp/contract';
import type { TensorFlow, TensorFlowModules } from '../../tensorflow-modules';
import { runOnBackend } from '../run-on-backend';
import type { TensorFlowRuntime } from '../runtime';
import { supportsSimpleWindows } from '../simple-windows';
import type { TensorEngineTable } from '../tensor-engine';
import { examineAdapter } from './device/examine-adapter';
import { INSTALL_COMMAND, loadWebGpuPackages, type WebGpuPackages } from './device/load-packages';
import { adapterName, adapterRemedy } from './device/request-adapter';
import { adapterInUse, ENGINE_NAME, startEngine, type WebGpuEngine } from './engine';
import { applyAdam } from './kernels/adam';

const COMPUTED_BY: readonly ComputedPart[] = [
  { part: 'convolution', by: 'dlcmp', what: 'WebGPU programs of dlcmp (products of patches)' },
  { part: 'matrix products', by: 'dlcmp', what: 'WebGPU programs of dlcmp' },
  { part: 'pooling', by: 'dlcmp', what: 'WebGPU programs of dlcmp; averages by TensorFlow.js' },
  { part: 'batch norm', by: 'framework', what: "TensorFlow.js's WebGPU backend" },
  {
    part: 'activations',
    by: 'framework',
    what: "TensorFlow.js's WebGPU backend; the rectifier's gradient by dlcmp",
  },
  { part: 'loss', by: 'framework', what: "TensorFlow.js's WebGPU backend" },
  {
    part: 'optimiser',
    by: 'dlcmp',
    what: "Adam by WebGPU programs of dlcmp; others by TensorFlow.js's backend",
  },
];

/** Simple windows without dilation: the kernels read neighbouring pixels. */
function supportsUndilated(network: Network): true | string {
  const dilated = network.nodes.find(({ window }) => window?.dilation.some((step) => step !== 1));
  if (dilated) return `it has no convolution with dilation (node "${dilated.name}")`;
  return supportsSimpleWindows(network);
}

/** `@tensorflow/tfjs-backend-webgpu` with kernels of our own, on any GPU, through Dawn. */
export const webgpuEngine: TensorEngineTable = {
  id: 'webgpu',
  title: 'TensorFlow.js on WebGPU, kernels of dlcmp',
  devices: ['webgpu'],
  computedBy: COMPUTED_BY,
  supports: supportsUndilated,
  probe,
  async open(modules) {
    const found = await probe(modules);
    if (!found.available) {
      throw new DlcmpError('BACKEND_UNAVAILABLE', `${found.reason} ${found.remedy ?? ''}`.trim());
    }
    return openWebGpu(modules);
  },
};

async function probe({ core }: TensorFlowModules): ReturnType<TensorEngineTable['probe']> {
  let packages: WebGpuPackages;
  try {
    packages = await loadWebGpuPackages(core);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { available: false, reason, remedy: `Run: ${INSTALL_COMMAND}` };
  }
  const inUse = adapterInUse(core);
  const examination = inUse ? { info: inUse } : await examineAdapter();
  if (!examination.info) {
    return { available: false, reason: examination.reason, remedy: adapterRemedy() };
  }
  const { info } = examination;
  const versions = {
    '@tensorflow/tfjs-core': core.version_core,
    ...packages.versions,
    ...(info.description && { driver: info.description }),
  };
  return { available: true, hardware: adapterName(info), versions };
}

/** The engine of one copy of TensorFlow.js, and how many runtimes stand on it. */
interface SharedEngine {
  readonly engine: Promise<WebGpuEngine>;
  runtimes: number;
}

const engines = new WeakMap<TensorFlow, SharedEngine>();

/** A runtime on the GPU; all share one device. */
export async function openWebGpu({ core: tf }: TensorFlowModules): Promise<TensorFlowRuntime> {
  await tf.ready();
  const shared = engines.get(tf) ?? { engine: startEngine(tf), runtimes: 0 };
  engines.set(tf, shared);
  shared.runtimes++;
  const engine = await shared.engine.catch((cause: unknown) => {
    engines.delete(tf);
    throw cause;
  });
  return {
    tf,
    blocks: 'pooled-first',
    defersLosses: true,
    run: (compute) => runOnBackend(tf, ENGINE_NAME, compute),
    read: (tensor) => engine.read(tensor),
    applyAdam: (state, gradient, factors) => applyAdam(engine.backend, state, gradient, factors),
    async close() {
      shared.runtimes--;
      if (shared.runtimes > 0) return;
      engines.delete(tf);
      await engine.close();
    },
  };
}
