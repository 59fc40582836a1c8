import type {
  Augmentation,
  NetworkDescription,
  OptimizerSpec,
  TrainedLayers,
  WeightsSource,
} from '@dlcmp/contract';
import type { Check } from './checks';
import type { Scenario } from './scenarios';
import type { Shard } from './shard';
import type { TrialResult, TrialSettings } from './trial-result';

export type * from './trial-result';

/** Everything one `dlcmp bench` run found: the content of `results.json`. */
export interface BenchResults {
  readonly schemaVersion: 1;
  /** When the run began, ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly configuration: BenchConfiguration;
  readonly dataset: DatasetSummary;
  /** Where the run began. */
  readonly machine: MachineSummary;
  /** Every machine that trials ran on, each with a name; absent = `machine` alone. */
  readonly machines?: readonly MachineSummary[] | undefined;
  /** Whose blocks of the configuration's seeds these are, `--shard`; absent = all. */
  readonly shard?: Shard | undefined;
  /** What was called; absent = an older dlcmp wrote it. */
  readonly command?: BenchCommand | undefined;
  readonly parityGate: ParityGate;
  readonly trials: readonly TrialResult[];
}

/** The call of `dlcmp bench` that a study is run by, on however many machines. */
export interface BenchCommand {
  /** dlcmp's own. */
  readonly version: string;
  /** As typed, without those that say where it runs and what is shown meanwhile. */
  readonly options: readonly string[];
}

export type Track = 'parity' | 'defaults';

export interface AdapterSelection {
  /** The adapter's `id`. */
  readonly adapter: string;
  readonly backend: string;
}

export interface BenchConfiguration {
  readonly track: Track;
  readonly adapters: readonly AdapterSelection[];
  readonly epochs: number;
  readonly batchSize: number;
  /** Side of the square input of the CNNs, in pixels. */
  readonly imageSize: number;
  /** Side of the square input of the forest, in pixels. */
  readonly forestImageSize: number;
  readonly learningRate: number;
  /** What the CNNs are. */
  readonly network: NetworkDescription;
  /** What the CNNs began with, `--weights`; absent = weights drawn by the seed. */
  readonly pretrained?: WeightsSource | undefined;
  /** How the CNNs are trained where it is not by Adam at a constant rate; absent = so. */
  readonly recipe?: TrainingRecipe | undefined;
  readonly seeds: readonly number[];
  /** Processes of each contender and seed, `--repeats`; absent = one. */
  readonly repeats?: number | undefined;
  /** Training images asked for with `--limit`; null = all. */
  readonly limit: number | null;
  /** Test images asked for with `--test-limit`; absent = a quarter of `limit`. */
  readonly testLimit?: number | undefined;
  /** Threads every adapter may compute with. */
  readonly threads: number;
  /** Test accuracy (0–1) whose time is taken, `--target-accuracy`; absent = none asked for. */
  readonly targetAccuracy?: number | undefined;
  /** What is measured of each trial's saved model, `--scenario`; absent = nothing. */
  readonly scenarios?: readonly Scenario[] | undefined;
  /** Requests of a soak, `--requests`; absent = none is asked for. */
  readonly soakRequests?: number | undefined;
  /** Within which p99 must stay behind a server, in milliseconds, `--p99-bound`; absent = no server is asked for. */
  readonly serverBoundMs?: number | undefined;
  /** Whether NVIDIA GPUs may have computed products in TF32; absent = none took part. */
  readonly tf32?: boolean | undefined;
  /** The axes of `--matrix`; absent = every trial has the settings above. */
  readonly matrix?: MatrixAxes | undefined;
}

/** How networks are trained, as options say it; what is absent is as it always was. */
export interface TrainingRecipe {
  /** Which layers are trained, `--train`. Absent = all. */
  readonly train?: TrainedLayers | undefined;
  /** Absent = Adam. */
  readonly optimizer?: OptimizerSpec | undefined;
  /** Absent = the same learning rate at every step. */
  readonly schedule?: 'cosine' | 'one-cycle' | undefined;
  /** Epochs over which a cosine's rate rises before. Absent = none. */
  readonly warmUpEpochs?: number | undefined;
  /** Absent = the track's. */
  readonly augmentation?: Augmentation | undefined;
  /** Share of the target that is spread over all classes. Absent = 0. */
  readonly labelSmoothing?: number | undefined;
  /** The last dense layer's. Absent = that of all layers. */
  readonly headLearningRate?: number | undefined;
  /** Share of the training images that each epoch is judged by. Absent = none. */
  readonly validation?: number | undefined;
  /** Epochs without a lower validation loss after which training stops. Absent = it goes on to the last. */
  readonly patience?: number | undefined;
}

/** Values that `--matrix` crosses; each combination is a contender of its own. */
export interface MatrixAxes {
  readonly imageSizes: readonly number[];
  readonly batchSizes: readonly number[];
  readonly learningRates: readonly number[];
}

export interface DatasetSummary {
  /** `sample`, or the folder's name. */
  readonly name: string;
  /** Drawn by a program, not photographed. */
  readonly synthetic: boolean;
  readonly classNames: readonly string[];
  readonly trainCount: number;
  readonly testCount: number;
  /** The test images in the order of every trial's `predictedLabels`. */
  readonly testImages: readonly TestImage[];
  /** SHA-256 over class names, paths, labels and contents of the images in use. */
  readonly fingerprint: string;
  /** Images left out by `--on-bad-image skip`. */
  readonly skipped: readonly SkippedImage[];
}

export interface TestImage {
  /** Below the data set's root, with forward slashes. */
  readonly relativePath: string;
  /** Index into `classNames`. */
  readonly label: number;
}

export interface SkippedImage {
  readonly path: string;
  readonly reason: string;
}

export interface MachineSummary {
  /** Which of several: the host's name, or what `--machine` says. Absent = an older dlcmp wrote it. */
  readonly name?: string | undefined;
  readonly os: string;
  readonly cpuModel: string;
  /** Vector extensions that decide the speed of kernels, e.g. `avx2`, `avx512f`, `neon`. */
  readonly cpuFlags: readonly string[];
  /** Processors this process may use (affinity and cgroup quota). */
  readonly coresAllowed: number;
  readonly memoryBytes: number;
  readonly gpus: readonly string[];
  readonly nodeVersion: string;
}

/** What the gate found before anything was timed. */
export interface ParityGate {
  /**
   * - `passed`: all CNNs computed the same, within what rounding makes.
   * - `failed`: some did not; their figures are not comparable.
   * - `not-applicable`: no CNN ran, or the `defaults` track differs by design.
   */
  readonly status: 'passed' | 'failed' | 'not-applicable';
  /** Why, in a sentence that names who failed. */
  readonly reason: string;
  /** Each CNN, in a matrix at each of its settings; absent where nothing ran, or an older dlcmp wrote it. */
  readonly contenders?: readonly GatedContender[] | undefined;
}

/** What the gate found of one CNN. */
export interface GatedContender {
  /** As users name it: `onnx:graph`. */
  readonly contender: string;
  /** In a `--matrix` run, what it went through the gate with. */
  readonly settings?: TrialSettings | undefined;
  /** Whether it passed all checks. */
  readonly passed: boolean;
  /** When it did, where a run before this one found so and nothing has changed since; absent = in this run. */
  readonly ranAt?: string | undefined;
  readonly checks: readonly Check[];
}
