import { join } from 'node:path';
import {
  assertCnnSpec,
  assertWeights,
  type BackendProbe,
  type CnnAdapter,
  type CnnClassifier,
  type CreateOptions,
  DlcmpError,
  isDlcmpError,
  type ModelSpec,
  readModelManifest,
  readSafetensors,
} from '@dlcmp/bench-core/contract';
import type { TensorFlowBackend } from './backends/backend';
import { wasmBackend } from './backends/wasm';
import { ADAPTER_ID, TensorFlowClassifier, WEIGHTS_FILE } from './classifier/tensorflow-classifier';
import { loadTensorFlowModules, type TensorFlowModules } from './tensorflow-modules';

/** The first one that is available is the default. */
const BACKENDS: readonly TensorFlowBackend[] = [wasmBackend];

export interface CnnTfjsOptions {
  /** Modules to use instead of the ones that the package would import. */
  readonly modules?: Partial<TensorFlowModules>;
}

/** The `simple-cnn` trained and run by TensorFlow.js. */
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
    probe: async () => {
      const loaded = load();
      return Promise.all(BACKENDS.map((backend) => probeBackend(backend, loaded)));
    },
    create: async (spec, options = {}) => create(spec, options, await load()),
    load: async (directory, options = {}) =>
      create(await readSpec(directory), options, await load()),
  };
}

/** {@link createCnnTfjs} with its defaults. */
export const cnnTfjs: CnnAdapter = createCnnTfjs();

async function create(
  spec: ModelSpec,
  { backend: name, threads }: CreateOptions,
  modules: TensorFlowModules,
): Promise<CnnClassifier> {
  assertCnnSpec(spec);
  const backend = await chooseBackend(name, modules);
  const runtime = await backend.open(modules, { threads });
  try {
    return new TensorFlowClassifier(spec, runtime, backend.name);
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

async function chooseBackend(
  name: string | undefined,
  modules: TensorFlowModules,
): Promise<TensorFlowBackend> {
  const candidates = BACKENDS.filter((backend) => name === undefined || backend.name === name);
  const reasons: string[] = [];
  for (const backend of candidates) {
    const probe = await probeBackend(backend, Promise.resolve(modules));
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

async function probeBackend(
  backend: TensorFlowBackend,
  modules: Promise<TensorFlowModules>,
): Promise<BackendProbe> {
  try {
    return await backend.probe(await modules);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name: backend.name, available: false, reason };
  }
}

async function readSpec(directory: string): Promise<ModelSpec> {
  const manifest = await readModelManifest(directory, ADAPTER_ID);
  const path = join(directory, WEIGHTS_FILE);
  const spec = { ...manifest, initialWeights: await readSafetensors(path) };
  try {
    assertCnnSpec(spec);
    assertWeights(spec.initialWeights, spec);
  } catch (cause) {
    if (!isDlcmpError(cause, 'INVALID_ARGUMENT')) throw cause;
    throw new DlcmpError('INVALID_FILE', `${path} does not fit its model.json: ${cause.message}`, {
      cause,
    });
  }
  return spec;
}
