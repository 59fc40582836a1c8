import type { BackendProbe, CnnArchitecture, ModelSpec } from '@dlcmp/contract';
import {
  type DeviceType,
  type EngineOptions,
  openEngine,
  probeTensorFlow,
} from '@dlcmp/tensorflow/engine';
import type { NamedTensors } from '../../network/operation';
import type { TensorFlowModules } from '../../tensorflow-modules';
import { readNow } from '../read-now';
import { runOnBackend } from '../run-on-backend';
import type { OpenOptions, TensorFlowBackend, TensorFlowRuntime } from '../runtime';
import { adamNumbers } from './adam-numbers';
import { compileInference } from './compile-inference';
import { compileTraining } from './compile-training';

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

export interface TensorFlowOptions extends Pick<EngineOptions, 'device' | 'kernels'> {
  /** Whether training steps and batches run as one function each, while JavaScript goes on. Default: false. */
  readonly compiled?: boolean;
}

/** A runtime on native TensorFlow; see {@link TensorFlowBackend}. */
export async function openTensorFlow(
  { core: tf }: TensorFlowModules,
  { threads }: OpenOptions,
  { compiled = false, ...options }: TensorFlowOptions,
): Promise<TensorFlowRuntime> {
  const engine = await openEngine(tf, { ...options, threads, asynchronous: compiled });
  return {
    tf,
    backend: options.device === 'GPU' ? tensorFlowGpuBackend.name : tensorFlowBackend.name,
    threads: engine.threads,
    run: (compute) => runOnBackend(tf, engine.backendName, compute),
    read: readNow,
    applyAdam: (state, gradient, step) => engine.applyAdam(state, gradient, adamNumbers(step)),
    ...(compiled && {
      compileTraining: (spec: ModelSpec & CnnArchitecture, weights: NamedTensors) =>
        compileTraining(tf, engine, spec, weights),
      compileInference: (spec: ModelSpec & CnnArchitecture) => compileInference(tf, engine, spec),
    }),
    close: async () => engine.close(),
  };
}
