import { createRequire } from 'node:module';
import {
  assertArgument,
  assertModelSpec,
  type BackendProbe,
  type CreateOptions,
  DlcmpError,
  type ForestAdapter,
  type ModelSpec,
  readModelManifest,
} from '@dlcmp/bench-core/contract';
import { ADAPTER_ID, ForestImageClassifier } from './forest-image-classifier';
import { loadLibrary } from './ml-random-forest/load-library';
import { createMlRandomForestEngine } from './ml-random-forest/ml-random-forest-engine';
import type { MlRandomForestOptions } from './ml-random-forest/options';

/** Settings of {@link createBaselineRf}. */
export type BaselineRfOptions = MlRandomForestOptions;

const BACKEND = 'cpu';

/** The random forest as an adapter; `options` hold for every classifier that it creates. */
export function createBaselineRf(options: BaselineRfOptions = {}): ForestAdapter {
  const createEngine = () => createMlRandomForestEngine(options);
  return {
    id: ADAPTER_ID,
    displayName: 'Random forest',
    family: 'forest',
    probe: async () => [await probeCpu()],
    async create(spec, createOptions = {}) {
      assertModelSpec(spec);
      assertBackend(createOptions);
      return new ForestImageClassifier(spec, await createEngine());
    },
    async load(directory, createOptions = {}) {
      assertBackend(createOptions);
      const spec: ModelSpec = await readModelManifest(directory, ADAPTER_ID);
      const engine = await createEngine();
      return new ForestImageClassifier(spec, engine, await engine.load(spec, directory));
    },
  };
}

/** The random forest with its default settings. */
export const baselineRf = createBaselineRf();

async function probeCpu(): Promise<BackendProbe> {
  try {
    await loadLibrary();
    return { name: BACKEND, available: true, device: 'CPU', versions: versions() };
  } catch (cause) {
    const reason = cause instanceof DlcmpError ? cause.message : String(cause);
    return { name: BACKEND, available: false, reason };
  }
}

function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const { version } = require('ml-random-forest/package.json') as { version: string };
  return { 'ml-random-forest': version };
}

function assertBackend({ backend = BACKEND }: CreateOptions): void {
  assertArgument(backend === BACKEND, `baseline-rf has the backend "cpu", not "${backend}".`);
}
