import type { CreateOptions } from '../adapter';
import type { CnnFitOptions } from '../classifier';
import type { NetworkAdapter } from '../engine/define-network-adapter';
import type { NetworkClassifier } from '../engine/network-classifier';
import type { ImageSize, TrainingImages } from '../images';
import { networkOf } from '../model-spec';
import type { TrainedLayers } from '../network/split-network';
import { namedNetwork } from '../networks/named-networks';
import { adamW } from '../optimizers/optimizer-options';
import { readPretrainedWeights, startingWeights } from './starting-weights';

/** What {@link FineTune} takes: what is to be told apart, and how. All of `fit`'s options may be given. */
export interface FineTuneOptions
  extends CnnFitOptions,
    Pick<CreateOptions, 'engine' | 'device' | 'threads'> {
  /** A network of dlcmp's: `efficientnet-lite0`, `resnet-18`, `mobilenet-v2`. */
  readonly backbone: string;
  /** A published name or the path of a file. Default: the published weights of `backbone`, once they are downloaded. */
  readonly weights?: string;
  readonly images: TrainingImages;
  /** Of `images`, in pixels. */
  readonly size: ImageSize;
  /** One name a class; their order numbers the classes. */
  readonly classNames: readonly string[];
  /** Decides the new last layer and the order of images. Default 1. */
  readonly seed?: number;
  /** Default `head`: the last layer alone. */
  readonly train?: TrainedLayers;
}

/** Trains a network that begins with weights of another task, on images of one's own. */
export type FineTune = (options: FineTuneOptions) => Promise<NetworkClassifier>;

/** Enough for a last layer to settle, and cheap: features are computed once. */
const HEAD_EPOCHS = 20;
const EPOCHS = 8;
/** The highest of each cosine. */
const HEAD_RATE = 3e-3;
const RATE = 1e-3;

/**
 * {@link FineTune} in an adapter. Where the options leave it open: AdamW along a cosine, from 3e-3 over 20 epochs for the head,
 * from 1e-3 over 8 epochs for more.
 *
 * @returns the trained classifier, to be asked, saved and disposed; the function throws `INVALID_ARGUMENT` where weights are not
 *   downloaded or do not fit the network, and what `create` and `fit` throw
 */
export function fineTuneWith(adapter: Pick<NetworkAdapter, 'create'>): FineTune {
  return async ({ backbone, weights = backbone, images, size, classNames, ...options }) => {
    const { seed = 1, train = 'head', engine, device, threads, ...fit } = options;
    const { inputHeight, inputWidth } = size;
    const sizes = { inputHeight, inputWidth, classNames, seed };
    const spec = { ...sizes, network: namedNetwork(backbone) };
    const pretrained = await readPretrainedWeights(weights);
    const begun = startingWeights(pretrained.weights, networkOf(spec), seed);
    const classifier = await adapter.create(
      { ...spec, initialWeights: begun.weights, pretrained: pretrained.source },
      {
        ...(engine !== undefined && { engine }),
        ...(device !== undefined && { device }),
        ...(threads !== undefined && { threads }),
      },
    );
    try {
      await classifier.fit(images, { train, ...recipe(train, fit), ...fit });
      return classifier;
    } catch (error) {
      await classifier.dispose();
      throw error;
    }
  };
}

function recipe(train: TrainedLayers, given: CnnFitOptions): CnnFitOptions {
  const isHead = train === 'head';
  const hasRate = given.schedule !== undefined || given.learningRate !== undefined;
  const hasOptimizer =
    given.optimizer !== undefined || given.betas !== undefined || given.epsilon !== undefined;
  return {
    epochs: isHead ? HEAD_EPOCHS : EPOCHS,
    ...(!hasOptimizer && { optimizer: adamW() }),
    ...(!hasRate && { schedule: { kind: 'cosine', learningRate: isHead ? HEAD_RATE : RATE } }),
  };
}
