import { resolve } from 'node:path';
import type { BenchConfiguration, BenchPlan, SelectedAdapter } from '@dlcmp/bench-core';
import { type Adapter, DEFAULT_ARCHITECTURE } from '@dlcmp/bench-core/contract';
import { type Dataset, datasetFingerprint, limitDataset } from '@dlcmp/data';
import { type PlanFlags, studySize } from '../options/bench-options';
import { chooseDataset } from './choose-dataset';
import { ensureTensorFlow } from './ensure-tensorflow';
import { type LoadedSplits, loadTrialImages } from './load-trial-images';
import { selectAdapters } from './select-adapters';

/** The original study's forest looks at 64×64 pixels, whatever the CNNs see. */
export const FOREST_IMAGE_SIZE = 64;

/** Checks every option, decodes the images and says what is to be run. */
export async function planBench(
  flags: PlanFlags,
  signal: AbortSignal,
): Promise<{ plan: BenchPlan; notes: readonly string[] }> {
  await selectAdapters(flags.adapters, flags.backend);
  const chosen = await chooseDataset(flags.data, flags);
  const withoutNative = await ensureTensorFlow(flags, signal);
  const adapters = await selectAdapters(flags.adapters, flags.backend);
  const limited =
    flags.limit === undefined
      ? { dataset: chosen.dataset, notes: [] }
      : limitDataset(chosen.dataset, flags.limit, flags.seeds[0] ?? 0);
  const configuration = configure(flags, adapters, chosen.name);
  const splits = await loadFamilies(limited.dataset, configuration, adapters, flags, signal);
  const any = splits.cnn ?? splits.forest;
  if (!any) throw new RangeError('A run needs at least one adapter.');
  const plan: BenchPlan = {
    configuration,
    adapters,
    dataset: await summarise(chosen.name, limited.dataset, any, signal),
    images: {
      ...(splits.cnn && { cnn: splits.cnn.files }),
      ...(splits.forest && { forest: splits.forest.files }),
    },
    outputDirectory: resolve(flags.out),
    trialTimeoutSeconds: flags.trialTimeout,
  };
  return { plan, notes: [...limited.notes, ...(withoutNative ? [withoutNative] : [])] };
}

function configure(
  flags: PlanFlags,
  adapters: readonly SelectedAdapter[],
  dataName: string,
): BenchConfiguration {
  const { track, batchSize, learningRate, seeds, threads } = flags;
  return {
    track,
    adapters: adapters.map(({ adapter, backend }) => ({ adapter: adapter.id, backend })),
    ...studySize(flags, dataName),
    forestImageSize: FOREST_IMAGE_SIZE,
    batchSize,
    learningRate,
    architecture: DEFAULT_ARCHITECTURE,
    seeds,
    limit: flags.limit ?? null,
    threads,
    ...(flags.targetAccuracy !== undefined && { targetAccuracy: flags.targetAccuracy }),
  };
}

/** Decodes at each size that a family of classifiers among `adapters` wants. */
async function loadFamilies(
  dataset: Dataset,
  { imageSize, forestImageSize }: BenchConfiguration,
  adapters: readonly SelectedAdapter[],
  flags: PlanFlags,
  signal: AbortSignal,
): Promise<Partial<Record<Adapter['family'], LoadedSplits>>> {
  const takesPart = (family: Adapter['family']) =>
    adapters.some(({ adapter }) => adapter.family === family);
  const load = (side: number) => loadTrialImages(dataset, { ...flags, side, signal });
  const cnn = takesPart('cnn') ? await load(imageSize) : undefined;
  const forest = takesPart('forest') ? await load(forestImageSize) : undefined;
  return { ...(cnn && { cnn }), ...(forest && { forest }) };
}

async function summarise(
  name: string,
  dataset: Dataset,
  { train, test }: LoadedSplits,
  signal: AbortSignal,
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
    fingerprint: await datasetFingerprint(used, { signal }),
    skipped: [...train.skipped, ...test.skipped],
  };
}
