import {
  assertFitsMemory,
  assertThreads,
  type BackendProbe,
  type CnnAdapter,
  type CreateOptions,
  DlcmpError,
  type ModelSpec,
  readSavedCnn,
  simpleCnnShapes,
  WEBASSEMBLY_LIMIT,
} from '@dlcmp/contract';
import { ADAPTER_ID } from './adapter-id';
import { CUDA_BACKEND, createCudaClassifier, probeCuda } from './backends/cuda';
import { createWebGpuClassifier, probeWebGpu, WEBGPU_BACKEND } from './backends/webgpu';
import { OnnxClassifier } from './classifier/onnx-classifier';
import { findNativeLibrary } from './runtime/native-library';
import {
  createOnnxRuntime,
  importOnnxRuntime,
  type OnnxRuntimeModule,
} from './runtime/onnx-runtime';

export interface CnnOnnxOptions {
  /** The framework, where the caller has loaded it. Default: `onnxruntime-node` is imported. */
  readonly onnxruntime?: OnnxRuntimeModule;
}

const BACKEND = 'cpu';

/** The adapter that trains and runs `simple-cnn` in ONNX Runtime. Nothing is loaded yet. */
export function createCnnOnnx(options: CnnOnnxOptions = {}): CnnAdapter {
  const load = async () => options.onnxruntime ?? importOnnxRuntime();
  const create = async (spec: ModelSpec, { backend, threads }: CreateOptions = {}) => {
    assertBackend(backend);
    assertThreads(threads);
    if (backend === CUDA_BACKEND) return createCudaClassifier(spec);
    if (backend === WEBGPU_BACKEND) return createWebGpuClassifier(spec);
    if (!spec.initialWeights) assertFitsMemory(simpleCnnShapes(spec), WEBASSEMBLY_LIMIT);
    // A module of the caller's may be another build than the library that is installed.
    const library = options.onnxruntime ? undefined : findNativeLibrary();
    return new OnnxClassifier(createOnnxRuntime(await load(), threads, library), spec);
  };
  return {
    id: ADAPTER_ID,
    displayName: 'ONNX Runtime (CNN)',
    family: 'cnn',
    frameworkDefaults: {
      initializer: 'uniform-fan-in',
      adamEpsilon: 1e-8,
      augmentation: 'horizontal-flip',
    },
    probe: () => Promise.all([probeCpu(load), probeCuda(), probeWebGpu()]),
    create,
    load: async (directory, createOptions) =>
      create(await readSavedCnn(directory, ADAPTER_ID), createOptions),
  };
}

async function probeCpu(load: () => Promise<OnnxRuntimeModule>): Promise<BackendProbe> {
  try {
    const { versions } = (await load()).env;
    return {
      name: BACKEND,
      available: true,
      device: 'CPU',
      versions: { 'onnxruntime-node': versions.node ?? versions.common },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name: BACKEND, available: false, reason };
  }
}

const BACKENDS = [BACKEND, CUDA_BACKEND, WEBGPU_BACKEND];

function assertBackend(backend: string | undefined): void {
  if (backend === undefined || BACKENDS.includes(backend)) return;
  throw new DlcmpError(
    'BACKEND_UNAVAILABLE',
    `cnn-onnx has no backend "${backend}". Choose one of: ${BACKENDS.join(', ')}.`,
  );
}
