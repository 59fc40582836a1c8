import { allowedCores, type Shard, type Track } from '@dlcmp/bench-core';
import { type Command, Option } from 'commander';
import { ADAPTER_NAMES } from '../adapter-registry';
import { DEFAULT_OUT } from '../prepare/earlier-run';
import { adaptersOption, contendersOption } from './adapter-options';
import { addLayoutOptions, type LayoutFlags } from './layout-options';
import { networkOption, weightsOption } from './network-option';
import {
  fraction,
  positiveNumber,
  seedList,
  shardOf,
  threadCount,
  webAddress,
  wholeNumber,
} from './parse-values';
import { addRecipeOptions, type RecipeFlags } from './recipe-options';
import { addScenarioOptions, type ScenarioFlags } from './scenario-options';

/** What decides how a model is trained; shared by `bench` and `train`. */
export interface TrainingFlags extends LayoutFlags, RecipeFlags {
  readonly data?: string;
  readonly epochs?: number;
  readonly batchSize: number;
  readonly imageSize?: number;
  /** A name, or the path of a description. Default: the weights' own network, else `simple-cnn`. */
  readonly network?: string;
  /** A published name, or the path of a file. */
  readonly weights?: string;
  readonly learningRate: number;
  readonly limit?: number;
  /** Default: a quarter of `limit`. */
  readonly testLimit?: number;
  readonly threads: number;
  readonly onBadImage: 'fail' | 'skip';
  readonly quiet?: boolean | undefined;
}

/** What decides which trials there are. */
export interface PlanFlags extends TrainingFlags, ScenarioFlags {
  /** Each as ADAPTER[:ENGINE][@DEVICE]. Default: every adapter in each division. */
  readonly contenders?: readonly string[];
  readonly track: Track;
  /** Default: three for the sample set, else one. */
  readonly seeds?: readonly number[];
  /** Processes of each contender and seed. */
  readonly repeats: number;
  readonly out: string;
  /** 0–1 */
  readonly targetAccuracy?: number;
  /** Seconds. */
  readonly trialTimeout?: number;
  /** Whether a missing native TensorFlow is fetched. Default: true. */
  readonly setup?: boolean;
  /** Whether GPUs may compute products in TF32. Default: false. */
  readonly tf32?: boolean;
  /** Path of a matrix file. */
  readonly matrix?: string;
  /** Which blocks to run. Default: all. */
  readonly shard?: Shard;
}

export interface BenchFlags extends Omit<PlanFlags, 'out'> {
  /** In the place of `contenders`. */
  readonly adapters?: readonly string[];
  readonly out?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  /** Whether an earlier verdict of the gate may count. Default: true. */
  readonly gateCache?: boolean;
  /** Whether anything is drawn. Default: true. */
  readonly report?: boolean;
  readonly json?: boolean;
  readonly tensorboard?: string;
  readonly mlflow?: string;
  readonly runner: 'local' | 'slurm';
  /** Further options of `sbatch`. */
  readonly slurmOption?: readonly string[];
  /** Name of this machine in results. */
  readonly machine?: string;
}

/** Where `--epochs`, `--image-size` and `--seeds` are not given. */
export interface StudySize {
  readonly epochs: number;
  readonly imageSize: number;
}

/** The original study's. */
const FULL_STUDY: StudySize = { epochs: 10, imageSize: 150 };

/** Where `--seeds` is not given the first is this one. */
export const FIRST_SEED = 1;

/** Three of the sample set name winners; of a real one each may take an hour. */
export function studySeeds(
  { seeds }: { readonly seeds: readonly number[] | undefined },
  dataName: string,
): readonly number[] {
  return seeds ?? (dataName === 'sample' ? [FIRST_SEED, 2, 3] : [FIRST_SEED]);
}

/** Small enough that three seeds of the sample set are done in minutes on two cores. */
const SAMPLE_STUDY: StudySize = { epochs: 2, imageSize: 48 };

/** The study's size for a data set: smaller for the sample set. */
export function studySize(flags: Partial<StudySize>, dataName: string): StudySize {
  const standard = dataName === 'sample' ? SAMPLE_STUDY : FULL_STUDY;
  return {
    epochs: flags.epochs ?? standard.epochs,
    imageSize: flags.imageSize ?? standard.imageSize,
  };
}

/** Adds the options that `bench` and `train` share. */
export function addTrainingOptions(command: Command): Command {
  command.option(
    '--data <sample|intel|PATH>',
    'images to train and test on (default: intel where data/ holds it, else sample)',
  );
  addLayoutOptions(command)
    .option(
      '--epochs <N>',
      `passes over the training images (default: ${FULL_STUDY.epochs}; sample: ${SAMPLE_STUDY.epochs})`,
      wholeNumber(1),
    )
    .option('--batch-size <N>', 'images in a training step', wholeNumber(1), 32)
    .option(
      '--image-size <PIXELS>',
      `side of the CNNs' input (default: ${FULL_STUDY.imageSize}; sample: ${SAMPLE_STUDY.imageSize})`,
      wholeNumber(8),
    )
    .addOption(networkOption())
    .addOption(weightsOption())
    .option('--learning-rate <RATE>', "the optimiser's learning rate", positiveNumber, 0.001);
  addRecipeOptions(command);
  return command
    .option('--limit <N>', 'use N training images, stratified by class', wholeNumber(1))
    .option(
      '--test-limit <N>',
      'use N test images, stratified by class (default: a quarter of --limit)',
      wholeNumber(1),
    )
    .option('--threads <N>', 'threads each framework may use', threadCount, allowedCores())
    .addOption(
      new Option('--on-bad-image <fail|skip>', 'what to do with an image that cannot be read')
        .choices(['fail', 'skip'])
        .default('fail'),
    )
    .option('--quiet', 'print results alone, no progress');
}

/** Adds the options of `bench`. */
export function addBenchOptions(command: Command): Command {
  addTrainingOptions(command)
    .addOption(
      contendersOption(`${ADAPTER_NAMES.join(', ')}, each as published and with kernels of dlcmp`),
    )
    .addOption(adaptersOption())
    .addOption(
      new Option(
        '--track <parity|defaults>',
        'parity: same weights, order, flips and masks for all; defaults: as each framework does unasked',
      )
        .choices(['parity', 'defaults'])
        .default('parity'),
    )
    .addOption(
      new Option(
        '--seeds <N|LIST>',
        'how many seeds, or which: 3 = 1,2,3 (default: 1; sample: 3)',
      ).argParser(seedList),
    )
    .addOption(
      new Option(
        '--shard <K/N>',
        'run the K-th of N parts of the study alone, each some of the seeds: "dlcmp merge" joins them',
      ).argParser(shardOf),
    )
    .addOption(
      new Option(
        '--runner <local|slurm>',
        'where trials run: here, or each seed on a node of a Slurm cluster, as an array that is watched and merged',
      )
        .choices(['local', 'slurm'])
        .default('local'),
    )
    .addOption(
      new Option(
        '--slurm-option <OPTION>',
        'an option for sbatch, e.g. --partition=gpu; may be given several times',
      ).argParser((option: string, before: readonly string[] = []) => [...before, option]),
    )
    .addOption(
      new Option('--machine <NAME>', "this machine's name in results (default: the host's)").env(
        'DLCMP_MACHINE',
      ),
    )
    .option('--repeats <N>', 'processes of each contender and seed', wholeNumber(1), 1);
  addScenarioOptions(command);
  return command
    .option(
      '--target-accuracy <0-1>',
      'take the training time until this test accuracy is first reached',
      fraction,
    )
    .option(
      '--trial-timeout <SECONDS>',
      'stop a trial that takes longer, as failed',
      positiveNumber,
    )
    .option(
      '--matrix <FILE>',
      'cross the lists of a JSON or YAML file: adapters, backends, imageSizes, batchSizes, learningRates, seeds',
    )
    .option(
      '--out <DIR>',
      `where results go (default: ${DEFAULT_OUT}; the run before is moved to a folder of its time beside it)`,
    )
    .option('--tf32', 'let NVIDIA GPUs compute products in TF32: faster, and less exact')
    .option('--no-setup', 'do not fetch native TensorFlow where it is missing')
    .addOption(new Option('--resume', 'go on with the run that --out holds').conflicts('force'))
    .option('--force', 'replace the run that --out holds')
    .option(
      '--no-gate-cache',
      'run the parity gate even where it passed before and nothing has changed since',
    )
    .option('--no-report', 'write results.json and models alone: "dlcmp report" draws the rest')
    .option('--json', 'print events as JSON lines instead of tables; the last names results.json')
    .option('--tensorboard <DIR>', 'write scalars as TensorBoard reads them, while it runs')
    .option('--mlflow <URL>', 'log each trial as a run to this MLflow server', webAddress);
}
