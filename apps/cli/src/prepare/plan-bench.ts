import { resolve } from 'node:path';
import {
  type BenchConfiguration,
  type BenchPlan,
  describeShard,
  type Matrix,
  type MatrixAxes,
  type SelectedAdapter,
  type Shard,
  seedsOfShard,
  type TrialImages,
} from '@dlcmp/bench-core';
import { type Adapter, assertArgument, counted, type NetworkDescription } from '@dlcmp/contract';
import { type Dataset, datasetFingerprint, limitDataset } from '@dlcmp/data';
import { ADAPTER_NAMES } from '../adapter-registry';
import { installCard } from '../deployment/install-card';
import { FIRST_SEED, type PlanFlags, studySeeds, studySize } from '../options/bench-options';
import { networkName, readNetwork } from '../options/network-option';
import { recipeOf } from '../options/recipe-options';
import { scenariosOf } from '../options/scenario-options';
import { chooseDataset } from './choose-dataset';
import { choosePretrained } from './choose-pretrained';
import { ensureTensorFlow } from './ensure-tensorflow';
import { type DecodingOptions, type LoadedSplits, loadTrialImages } from './load-trial-images';
import { readMatrix } from './read-matrix';
import { defaultContenders, selectContenders } from './select-contenders';
import { servingMeans } from './serving-means';
import { allowTf32, isOnCuda } from './tf32';

/** The original study's forest looks at 64×64 pixels, whatever the CNNs see. */
export const FOREST_IMAGE_SIZE = 64;

/**
 * Checks every option, decodes the images and says what is to be run.
 *
 * @param select finds those that are named
 */
export async function planBench(
  given: PlanFlags,
  signal: AbortSignal,
  select: typeof selectContenders = selectContenders,
): Promise<{ plan: BenchPlan; notes: readonly string[] }> {
  const scenarios = scenariosOf(given);
  const matrix = given.matrix === undefined ? undefined : await readMatrix(given.matrix);
  const named = matrixContenders(given, matrix);
  const asked = matrix?.seeds ?? given.seeds;
  const unavailable = new Set<string>();
  if (named) await select(named, (problem) => unavailable.add(problem));
  const chosen = await chooseDataset(given.data, { ...given, seed: asked?.[0] ?? FIRST_SEED });
  const flags = { ...given, seeds: studySeeds({ seeds: asked }, chosen.name) };
  const withoutNative = await ensureTensorFlow(
    { ...flags, contenders: named ?? ADAPTER_NAMES },
    signal,
  );
  const { imageSize } = studySize(flags, chosen.name);
  const classCount = chosen.dataset.classNames.length;
  const resolved = await readNetwork(networkName(flags), imageSize, classCount);
  const { description: network } = resolved;
  const ratesByWeight = flags.headLearningRate !== undefined;
  const task = { network: resolved, train: flags.train ?? 'all', ratesByWeight };
  const contenders = named ?? (await defaultContenders(ADAPTER_NAMES, task));
  const adapters = await select(contenders, (problem) => unavailable.add(problem), task);
  allowTf32(adapters, flags.tf32 ?? false);
  const limits = { trainCount: flags.limit, testCount: flags.testLimit };
  const limited = limitDataset(chosen.dataset, limits, flags.seeds[0] ?? FIRST_SEED);
  const begun = await choosePretrained(flags, network, { imageSize, classCount }, signal);
  const chosenOptions = { ...flags, pretrained: begun?.pretrained.source };
  const configuration = {
    ...configure(chosenOptions, network, adapters, chosen.name, matrix),
    ...scenarios,
  };
  assertShardOfSeeds(flags.shard, configuration.seeds);
  const decoding = { ...flags, contentHashes: new Map<string, string>(), signal };
  const splits = await loadFamilies(limited.dataset, configuration, adapters, decoding);
  const any = splits.cnn ?? splits.forest;
  assertArgument(any !== undefined, 'A run needs at least one adapter: name it with --adapters.');
  const plan: BenchPlan = {
    configuration,
    adapters: scenarios.scenarios?.includes('deployment')
      ? adapters.map((each) => ({ ...each, install: installCard(each) }))
      : adapters,
    dataset: await summarise(chosen.name, limited.dataset, any, decoding),
    images: {
      ...(splits.cnn && { cnn: splits.cnn.files }),
      ...(splits.forest && { forest: splits.forest.files }),
    },
    sizedImages: matrix && (await loadSizes(limited.dataset, configuration, adapters, decoding)),
    pretrainedWeights: begun?.pretrained.weights,
    shard: flags.shard,
    serving: servingMeans(configuration, any.test.files),
    outputDirectory: resolve(flags.out),
    trialTimeoutSeconds: flags.trialTimeout,
  };
  return {
    plan,
    notes: [
      ...chosen.dataset.notes,
      ...limited.notes,
      ...(begun?.notes ?? []),
      ...(withoutNative ? [withoutNative] : []),
      ...unavailable,
    ],
  };
}

/** A shard without a seed would run nothing. */
function assertShardOfSeeds(shard: Shard | undefined, seeds: readonly number[]): void {
  assertArgument(
    seedsOfShard(seeds, shard).length > 0,
    `--shard ${shard && describeShard(shard)}: the study has ${counted(seeds.length, 'seed')}, so that it has ${counted(seeds.length, 'part')} at most. Name K and N up to ${seeds.length}, or add --seeds.`,
  );
}

/** A matrix may name adapters, and for each of them backends: each is a contender. */
function matrixContenders(
  flags: PlanFlags,
  matrix: Matrix | undefined,
): readonly string[] | undefined {
  const names = matrix?.adapters ?? flags.contenders ?? (matrix?.backends && ADAPTER_NAMES);
  if (!names) return undefined;
  const backends = matrix?.backends ?? {};
  const stranger = Object.keys(backends).find((name) => !names.includes(name));
  assertArgument(
    stranger === undefined,
    `--matrix: backends names ${stranger}, which is not among the adapters ${names.join(', ')}: add it to --adapters, or leave it out.`,
  );
  return names.flatMap((name) => {
    const listed = Object.hasOwn(backends, name) ? backends[name] : undefined;
    return listed?.map((backend) => (backend === 'auto' ? name : `${name}:${backend}`)) ?? [name];
  });
}

function configure(
  flags: PlanFlags & Pick<BenchConfiguration, 'seeds' | 'pretrained'>,
  network: NetworkDescription,
  adapters: readonly SelectedAdapter[],
  dataName: string,
  matrix: Matrix | undefined,
): BenchConfiguration {
  const { track, batchSize, learningRate, seeds, repeats, threads } = flags;
  const size = studySize(flags, dataName);
  const recipe = recipeOf(flags);
  return {
    track,
    adapters: adapters.map(({ adapter, backend }) => ({ adapter: adapter.id, backend })),
    ...size,
    // Where a matrix names sizes, images at its first are what the data set is described by.
    imageSize: matrix?.imageSizes?.[0] ?? size.imageSize,
    forestImageSize: FOREST_IMAGE_SIZE,
    batchSize,
    learningRate,
    network,
    seeds,
    ...(flags.pretrained && { pretrained: flags.pretrained }),
    ...(recipe && { recipe }),
    ...(repeats > 1 && { repeats }),
    limit: flags.limit ?? null,
    ...(flags.testLimit !== undefined && { testLimit: flags.testLimit }),
    threads,
    ...(adapters.some(isOnCuda) && { tf32: flags.tf32 ?? false }),
    ...(matrix && { matrix: matrixAxes(matrix, flags, dataName) }),
    ...(flags.targetAccuracy !== undefined && { targetAccuracy: flags.targetAccuracy }),
  };
}

/** An axis that the file leaves out has the one value of its option. */
function matrixAxes(matrix: Matrix, flags: PlanFlags, dataName: string): MatrixAxes {
  return {
    imageSizes: matrix.imageSizes ?? [studySize(flags, dataName).imageSize],
    batchSizes: matrix.batchSizes ?? [flags.batchSize],
    learningRates: matrix.learningRates ?? [flags.learningRate],
  };
}

/** Decodes at each image size of a matrix. */
async function loadSizes(
  dataset: Dataset,
  { matrix }: BenchConfiguration,
  adapters: readonly SelectedAdapter[],
  decoding: DecodingOptions,
): Promise<ReadonlyMap<number, TrialImages>> {
  const hasCnn = adapters.some(({ adapter }) => adapter.family === 'cnn');
  const sized = new Map<number, TrialImages>();
  for (const side of hasCnn && matrix ? matrix.imageSizes : []) {
    sized.set(side, (await loadTrialImages(dataset, { ...decoding, side })).files);
  }
  return sized;
}

/** Decodes at each size that a family of classifiers among `adapters` wants. */
async function loadFamilies(
  dataset: Dataset,
  { imageSize, forestImageSize }: BenchConfiguration,
  adapters: readonly SelectedAdapter[],
  decoding: DecodingOptions,
): Promise<Partial<Record<Adapter['family'], LoadedSplits>>> {
  const takesPart = (family: Adapter['family']) =>
    adapters.some(({ adapter }) => adapter.family === family);
  const load = (side: number) => loadTrialImages(dataset, { ...decoding, side });
  const cnn = takesPart('cnn') ? await load(imageSize) : undefined;
  const forest = takesPart('forest') ? await load(forestImageSize) : undefined;
  return { ...(cnn && { cnn }), ...(forest && { forest }) };
}

async function summarise(
  name: string,
  dataset: Dataset,
  { train, test }: LoadedSplits,
  { contentHashes: known, signal }: DecodingOptions,
): Promise<BenchPlan['dataset']> {
  const { classNames, synthetic } = dataset;
  const used = { ...dataset, train: train.files, test: test.files };
  return {
    name,
    synthetic,
    classNames,
    trainCount: train.count,
    testCount: test.count,
    testImages: test.files.map(({ relativePath, label }) => ({ relativePath, label })),
    fingerprint: await datasetFingerprint(used, { known, signal }),
    skipped: [...train.skipped, ...test.skipped],
  };
}
