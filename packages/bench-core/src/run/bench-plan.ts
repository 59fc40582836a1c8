import type { Adapter, ImageSize, Weights } from '@dlcmp/contract';
import type { BenchCommand, BenchConfiguration, DatasetSummary } from '../results/bench-results';
import type { InstallCard } from '../results/deployment-result';
import type { Shard } from '../results/shard';
import type { AdapterReference } from './adapter-reference';
import type { ImageFile } from './image-file';

/** An adapter that takes part, and how a trial's process finds it. */
export interface SelectedAdapter {
  readonly adapter: Adapter;
  readonly backend: string;
  /** Its row in tables, without its name: `ONNX Runtime, own operators`. */
  readonly title: string;
  /** As users type it: `onnx:graph`. */
  readonly contender: string;
  readonly reference: AdapterReference;
  /** Those with the same run one after the other, in random order. Default: each by itself. */
  readonly group?: string | undefined;
  /** What npm installs for it, of a deployment's card. */
  readonly install?: InstallCard | undefined;
}

/** How the scenario `server` serves a saved model. */
export interface ServingMeans {
  /** URL of the module that serves: `@dlcmp/serving`. */
  readonly moduleUrl: string;
  /** Encoded images, which requests go round. */
  readonly files: readonly string[];
}

/** Everything a run needs to know before it starts. */
export interface BenchPlan {
  readonly configuration: BenchConfiguration;
  readonly adapters: readonly SelectedAdapter[];
  readonly dataset: DatasetSummary;
  /** Decoded images at the size that each family of classifiers taking part wants. */
  readonly images: Readonly<Partial<Record<Adapter['family'], TrialImages>>>;
  /** In a matrix, the images of the CNNs at each of its sizes, by side in pixels. */
  readonly sizedImages?: ReadonlyMap<number, TrialImages> | undefined;
  /** What the CNNs begin with, as `configuration.pretrained` says; a last layer of other classes is drawn by the seed. */
  readonly pretrainedWeights?: Weights | undefined;
  /** The blocks to run. Default: all. */
  readonly shard?: Shard | undefined;
  /** Needed by the scenario `server`. */
  readonly serving?: ServingMeans | undefined;
  /** Kept in `results.json`. */
  readonly command?: BenchCommand | undefined;
  /** Where `results.json` and the models go. */
  readonly outputDirectory: string;
  /** A trial that takes longer is killed and recorded as failed. Default: never. */
  readonly trialTimeoutSeconds?: number | undefined;
}

export interface TrialImages {
  readonly size: ImageSize;
  readonly train: ImageFile;
  readonly test: ImageFile;
}
