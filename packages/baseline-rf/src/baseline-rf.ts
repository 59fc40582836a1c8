import {
  assertArgument,
  assertModelSpec,
  type CreateOptions,
  type ForestAdapter,
  type ModelSpec,
  readModelManifest,
} from '@dlcmp/contract';
import { type EngineName, FOREST_ENGINES } from './engine-names';
import { createExactEngine, type ExactOptions } from './exact/exact-engine';
import type { RandomForestClassifier } from './exact/random-forest-classifier';
import type { ForestEngine, TrainedForest } from './forest-engine';
import { ADAPTER_ID, ForestImageClassifier } from './forest-image-classifier';
import { createMlRandomForestEngine } from './ml-random-forest/ml-random-forest-engine';
import type { MlRandomForestOptions } from './ml-random-forest/options';
import { probeEngine } from './probe-engine';

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
    return createAdapter({ [engine]: () => createMlRandomForestEngine(settings) });
  }
  const { engine, ...settings } = options;
  assertArgument(
    engine === undefined || engine === 'exact',
    `engine must be "exact" or "ml-random-forest", not "${engine}".`,
  );
  return createAdapter<TrainedForest>({
    exact: async ({ threads }) => createExactEngine(settings, threads),
    // The other engine has settings of its own, so it is offered where none were given.
    ...(Object.keys(options).length === 0 && {
      'ml-random-forest': () => createMlRandomForestEngine({}),
    }),
  });
}

/** The random forest with its default settings. */
export const baselineRf = createBaselineRf();

type CreateEngine<Forest extends TrainedForest> = (
  options: CreateOptions,
) => Promise<ForestEngine<Forest>>;

/** @param engines by name; the first is the default */
function createAdapter<Forest extends TrainedForest>(
  engines: Readonly<Partial<Record<EngineName, CreateEngine<Forest>>>>,
): BaselineRfAdapter<Forest> {
  const names = Object.keys(engines) as EngineName[];
  const openEngine = async (options: CreateOptions, trainedBy = names[0]) => {
    const name = options.engine ?? options.backend ?? trainedBy;
    const create = engines[name as EngineName];
    assertArgument(
      create !== undefined,
      `baseline-rf has no engine "${name}". Choose one of: ${names.join(', ')}.`,
    );
    return create(options);
  };
  return {
    id: ADAPTER_ID,
    displayName: 'Random forest',
    family: 'forest',
    engines: names.map((name) => FOREST_ENGINES[name]),
    probe: () => Promise.all(names.map(probeEngine)),
    async create(spec, options = {}) {
      assertModelSpec(spec);
      return new ForestImageClassifier(spec, await openEngine(options));
    },
    async load(directory, options = {}) {
      const manifest = await readModelManifest(directory, ADAPTER_ID);
      const spec: ModelSpec = manifest;
      const engine = await openEngine(options, manifest.engine as EngineName | undefined);
      return new ForestImageClassifier(spec, engine, await engine.load(spec, directory));
    },
  };
}
