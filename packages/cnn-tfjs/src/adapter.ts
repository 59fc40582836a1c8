import {
  assertCnnSpec,
  assertFitsMemory,
  assertThreads,
  type BackendProbe,
  type CnnAdapter,
  type CnnClassifier,
  type CreateOptions,
  DlcmpError,
  type ModelSpec,
  readSavedCnn,
  simpleCnnShapes,
  WEBASSEMBLY_LIMIT,
} from '@dlcmp/contract';
import { ADAPTER_ID } from './adapter-id';
import { TensorFlowClassifier } from './classifier/tensorflow-classifier';
import type { TensorFlowBackend } from './engines/runtime';
import { tensorFlowBackend, tensorFlowGpuBackend } from './engines/tuned';
import { wasmBackend } from './engines/wasm';
import { webgpuBackend } from './engines/webgpu';
import { loadTensorFlowModules, type TensorFlowModules } from './tensorflow-modules';

/** The first one that can run here is the default; as wasm can run anywhere, a GPU is used where it is asked for. */
const BACKENDS: readonly TensorFlowBackend[] = [
  tensorFlowBackend,
  wasmBackend,
  tensorFlowGpuBackend,
  webgpuBackend,
];

export interface CnnTfjsOptions {
  /** Parts of TensorFlow.js that the caller has loaded. Default: they are imported. */
  readonly modules?: Partial<TensorFlowModules>;
}

/** The adapter that trains and runs `simple-cnn` in TensorFlow.js. Nothing is loaded yet. */
export function createCnnTfjs({ modules }: CnnTfjsOptions = {}): CnnAdapter {
  const load = () => loadTensorFlowModules(modules);
  return {
    id: ADAPTER_ID,
    displayName: 'TensorFlow.js (CNN)',
    family: 'cnn',
    frameworkDefaults: {
      initializer: 'glorot-uniform',
      adamEpsilon: 1e-7,
      augmentation: 'none',
    },
    probe: () => Promise.all(BACKENDS.map((backend) => probeBackend(backend, load))),
    create: (spec, options) => create(spec, options, load),
    load: async (directory, options) =>
      create(await readSavedCnn(directory, ADAPTER_ID), options, load),
  };
}

/** {@link createCnnTfjs} with its defaults. */
export const cnnTfjs: CnnAdapter = createCnnTfjs();

type Load = () => Promise<TensorFlowModules>;

async function create(
  spec: ModelSpec,
  { backend: name, threads }: CreateOptions = {},
  load: Load,
): Promise<CnnClassifier> {
  assertCnnSpec(spec);
  assertThreads(threads);
  const modules = await load();
  const backend = await chooseBackend(name, load);
  if (backend === wasmBackend && !spec.initialWeights) {
    assertFitsMemory(simpleCnnShapes(spec), WEBASSEMBLY_LIMIT);
  }
  const runtime = await backend.open(modules, { threads });
  try {
    return new TensorFlowClassifier(runtime, spec);
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

async function chooseBackend(name: string | undefined, load: Load): Promise<TensorFlowBackend> {
  const candidates = BACKENDS.filter((backend) => name === undefined || backend.name === name);
  const reasons: string[] = [];
  for (const backend of candidates) {
    const probe = await probeBackend(backend, load);
    if (probe.available) return backend;
    reasons.push(`${probe.name}: ${probe.reason}`);
  }
  const known = BACKENDS.map((backend) => backend.name).join(', ');
  throw new DlcmpError(
    'BACKEND_UNAVAILABLE',
    candidates.length === 0
      ? `cnn-tfjs has no backend "${name}". Choose one of: ${known}.`
      : `No backend of cnn-tfjs can run here (${reasons.join('; ')}).`,
  );
}

async function probeBackend(backend: TensorFlowBackend, load: Load): Promise<BackendProbe> {
  try {
    return await backend.probe(await load());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name: backend.name, available: false, reason };
  }
}
