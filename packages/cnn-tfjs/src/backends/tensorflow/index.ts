import type { BackendProbe, CnnArchitecture, ModelSpec } from '@dlcmp/contract';
import {
  applyAdamInPlace,
  type DeviceType,
  openEngine,
  probeTensorFlow,
  type TensorFlowEngine,
  TF_FLOAT,
} from '@dlcmp/tensorflow/engine';
import type { NamedTensors } from '../../layers/layer';
import type { TensorFlowModules } from '../../tensorflow-modules';
import type {
  AdamState,
  AdamStep,
  OpenOptions,
  TensorFlowBackend,
  TensorFlowRuntime,
} from '../backend';
import { readNow } from '../read-now';
import { runOnBackend } from '../run-on-backend';
import { compileInference } from './compiled-inference';
import { compileTraining } from './compiled-training';

/** Native TensorFlow on the CPU, through its C API. */
export const tensorFlowBackend: TensorFlowBackend = {
  name: 'tensorflow',
  probe: (modules) => probe('tensorflow', modules, 'CPU'),
  open: (modules, options) => openTensorFlow(modules, options, { device: 'CPU' }),
};

/** Native TensorFlow on the first NVIDIA GPU. */
export const tensorFlowGpuBackend: TensorFlowBackend = {
  name: 'tensorflow:gpu',
  probe: (modules) => probe('tensorflow:gpu', modules, 'GPU'),
  open: (modules, options) => openTensorFlow(modules, options, { device: 'GPU', compiled: true }),
};

async function probe(
  name: string,
  { core }: TensorFlowModules,
  device: DeviceType,
): Promise<BackendProbe> {
  const found = await probeTensorFlow(device);
  if (!found.available) return { name, ...found };
  return {
    name,
    ...found,
    versions: { '@tensorflow/tfjs-core': core.version_core, ...found.versions },
  };
}

export interface TensorFlowOptions {
  readonly device: DeviceType;
  /** Whether training steps and batches run as one function each, while JavaScript goes on. Default: false. */
  readonly compiled?: boolean;
}

/** A runtime on native TensorFlow; see {@link TensorFlowBackend}. */
export async function openTensorFlow(
  { core: tf }: TensorFlowModules,
  { threads: wanted }: OpenOptions,
  { device, compiled = false }: TensorFlowOptions,
): Promise<TensorFlowRuntime> {
  const options = { device, threads: wanted, asynchronous: compiled };
  const { engine, threads, close } = await openEngine(tf, options);
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
    close: async () => close(),
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
