import { availableParallelism } from 'node:os';
import type { BackendProbe, CnnArchitecture, ModelSpec } from '@dlcmp/contract';
import { examineCuda } from '@dlcmp/cuda';
import type { NamedTensors } from '../../layers/layer';
import { unpackNamedArchive } from '../../setup/unpack-named-archive';
import type { TensorFlow, TensorFlowModules } from '../../tensorflow-modules';
import type {
  AdamState,
  AdamStep,
  OpenOptions,
  TensorFlowBackend,
  TensorFlowRuntime,
} from '../backend';
import { readNow } from '../read-now';
import { runOnBackend } from '../run-on-backend';
import type { DeviceType } from './binding/config-proto';
import { TF_FLOAT } from './binding/data-types';
import { hasKernelFor, type NativeLibrary } from './binding/native-library';
import { startEngine, stopEngine, type TensorFlowEngine } from './engine';
import { compileInference } from './graph/compiled-inference';
import { compileTraining } from './graph/compiled-training';
import { applyAdamInPlace } from './kernels/adam';
import { ONEDNN_OP } from './kernels/one-dnn';
import { tensorFlowCuda } from './library/cuda-requirement';
import { loadFirstLibrary, SETUP_COMMAND } from './library/find-library';
import { loadGpuLibrary } from './library/load-gpu-library';

/** Native TensorFlow on the CPU, through its C API. */
export const tensorFlowBackend: TensorFlowBackend = {
  name: 'tensorflow',
  probe: probeCpu,
  open: (modules, options) => openTensorFlow(modules, options, { device: 'CPU' }),
};

/** Native TensorFlow on the first NVIDIA GPU. */
export const tensorFlowGpuBackend: TensorFlowBackend = {
  name: 'tensorflow:gpu',
  probe: probeGpu,
  open: (modules, options) => openTensorFlow(modules, options, { device: 'GPU', compiled: true }),
};

async function probeCpu({ core }: TensorFlowModules): Promise<BackendProbe> {
  const { name } = tensorFlowBackend;
  const library = await tryToLoad();
  if (typeof library === 'string') {
    return { name, available: false, reason: library, remedy: `Run: ${SETUP_COMMAND}` };
  }
  const versions = {
    '@tensorflow/tfjs-core': core.version_core,
    TensorFlow: library.c.TF_Version(),
    koffi: library.koffi.version,
    'oneDNN kernels': hasKernelFor(library, ONEDNN_OP) ? 'yes' : 'no',
  };
  return { name, available: true, device: 'CPU', versions };
}

/** Nothing is loaded: a process can hold one TensorFlow, and the backend for the CPU may want its own. */
async function probeGpu({ core }: TensorFlowModules): Promise<BackendProbe> {
  const { name } = tensorFlowGpuBackend;
  const { gpu, problem } = await examineCuda(tensorFlowCuda);
  if (problem || !gpu.available) return { name, available: false, reason: '', ...problem };
  const [, version = ''] = tensorFlowCuda.framework.package.split('==');
  return {
    name,
    available: true,
    device: gpu.gpus[0]?.name ?? 'GPU',
    versions: {
      '@tensorflow/tfjs-core': core.version_core,
      TensorFlow: version,
      'NVIDIA driver': gpu.driverVersion,
    },
  };
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

/** The engines of one copy of TensorFlow.js by device and number of threads. */
type Engines = Map<string, { readonly engine: TensorFlowEngine; runtimes: number }>;

const enginesOf = new WeakMap<TensorFlow, Engines>();

export interface TensorFlowOptions {
  readonly device: DeviceType;
  /** Whether training steps and batches run as one function each, while JavaScript goes on. Default: false. */
  readonly compiled?: boolean;
}

/** A runtime on native TensorFlow; see {@link TensorFlowBackend}. */
export async function openTensorFlow(
  { core: tf }: TensorFlowModules,
  { threads = availableParallelism() }: OpenOptions,
  { device, compiled = false }: TensorFlowOptions,
): Promise<TensorFlowRuntime> {
  await unpackNamedArchive();
  await tf.ready();
  const library = device === 'GPU' ? await loadGpuLibrary() : loadFirstLibrary();
  const key = `${device} ${threads} ${compiled}`;
  const engines: Engines = enginesOf.get(tf) ?? new Map();
  enginesOf.set(tf, engines);
  const shared = engines.get(key) ?? {
    engine: startEngine(tf, library, { device, threads, asynchronous: compiled }),
    runtimes: 0,
  };
  engines.set(key, shared);
  shared.runtimes++;
  const { engine } = shared;
  return {
    tf,
    backend: device === 'GPU' ? tensorFlowGpuBackend.name : tensorFlowBackend.name,
    threads,
    run: (compute) => runOnBackend(tf, engine.name, compute),
    read: readNow,
    applyAdam: (state, gradient, step) => applyAdam(engine, state, gradient, step),
    ...(compiled && {
      compileTraining: (spec: ModelSpec & CnnArchitecture, weights: NamedTensors) =>
        compileTraining(tf, engine, spec, weights),
      compileInference: (spec: ModelSpec & CnnArchitecture) => compileInference(tf, engine, spec),
    }),
    async close() {
      shared.runtimes--;
      if (shared.runtimes > 0) return;
      engines.delete(key);
      stopEngine(tf, engine);
    },
  };
}

/** TensorFlow adds epsilon to the root as such, and so takes it divided by the root's correction. */
function applyAdam(
  { backend }: TensorFlowEngine,
  state: AdamState,
  gradient: Parameters<TensorFlowRuntime['applyAdam']>[1],
  { beta1, beta2, stepSize, rootScale, epsilon }: AdamStep,
): void {
  const { binding } = backend;
  const numbers = [NO_CORRECTION, NO_CORRECTION, stepSize / rootScale, beta1, beta2];
  const ids = [...numbers, epsilon / rootScale].map((value) =>
    binding.createTensor([], TF_FLOAT, Float32Array.of(value)),
  ) as [number, number, number, number, number, number];
  const [power1, power2, rate, first, second, added] = ids;
  const scalars = { power1, power2, rate, beta1: first, beta2: second, epsilon: added };
  try {
    applyAdamInPlace(backend, state, gradient, scalars);
  } finally {
    for (const id of ids) binding.deleteTensor(id);
  }
}

/** TensorFlow would work the bias corrections out of the powers of the betas: at 0 they are 1. */
const NO_CORRECTION = 0;
