import {
  assertArgument,
  assertModelSpec,
  type CreateOptions,
  type ForestAdapter,
  type ModelSpec,
  readModelManifest,
} from '@dlcmp/contract';
import { createExactEngine, type ExactOptions } from './exact/exact-engine';
import type { RandomForestClassifier } from './exact/random-forest-classifier';
import type { ForestEngine, TrainedForest } from './forest-engine';
import { ADAPTER_ID, ForestImageClassifier } from './forest-image-classifier';
import { createMlRandomForestEngine } from './ml-random-forest/ml-random-forest-engine';
import type { MlRandomForestOptions } from './ml-random-forest/options';
import { BACKEND, type EngineName, probeEngine } from './probe-engine';

/** Settings of {@link createBaselineRf} for the engine `exact`, the default. */
export interface ExactBaselineRfOptions extends ExactOptions {
  readonly engine?: 'exact';
}

/** Settings of {@link createBaselineRf} for the engine `ml-random-forest`. */
export interface MlBaselineRfOptions extends MlRandomForestOptions {
  readonly engine: 'ml-random-forest';
}

/** A {@link ForestAdapter} whose classifiers also give access to the forest itself. */
export interface BaselineRfAdapter<Forest extends TrainedForest> extends ForestAdapter {
  create(spec: ModelSpec, options?: CreateOptions): Promise<ForestImageClassifier<Forest>>;
  load(directory: string, options?: CreateOptions): Promise<ForestImageClassifier<Forest>>;
}

/** The random forest as an adapter; `options` hold for every classifier that it creates. */
export function createBaselineRf(
  options?: ExactBaselineRfOptions,
): BaselineRfAdapter<RandomForestClassifier>;
export function createBaselineRf(options: MlBaselineRfOptions): BaselineRfAdapter<TrainedForest>;
export function createBaselineRf(
  options: ExactBaselineRfOptions | MlBaselineRfOptions = {},
): ForestAdapter {
  if (options.engine === 'ml-random-forest') {
    const { engine, ...settings } = options;
    return createAdapter(engine, () => createMlRandomForestEngine(settings));
  }
  const { engine = 'exact', ...settings } = options;
  assertArgument(
    engine === 'exact',
    `engine must be "exact" or "ml-random-forest", not "${engine}".`,
  );
  return createAdapter(engine, async ({ threads }) => createExactEngine(settings, threads));
}

/** The random forest with its default settings. */
export const baselineRf = createBaselineRf();

function createAdapter<Forest extends TrainedForest>(
  engineName: EngineName,
  createEngine: (options: CreateOptions) => Promise<ForestEngine<Forest>>,
): BaselineRfAdapter<Forest> {
  return {
    id: ADAPTER_ID,
    displayName: 'Random forest',
    family: 'forest',
    probe: async () => [await probeEngine(engineName)],
    async create(spec, options = {}) {
      assertModelSpec(spec);
      assertBackend(options);
      return new ForestImageClassifier(spec, await createEngine(options));
    },
    async load(directory, options = {}) {
      assertBackend(options);
      const spec: ModelSpec = await readModelManifest(directory, ADAPTER_ID);
      const engine = await createEngine(options);
      return new ForestImageClassifier(spec, engine, await engine.load(spec, directory));
    },
  };
}

function assertBackend({ backend = BACKEND }: CreateOptions): void {
  assertArgument(backend === BACKEND, `baseline-rf has the backend "cpu", not "${backend}".`);
}
