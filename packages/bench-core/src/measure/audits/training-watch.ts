import {
  type Classifier,
  type CnnClassifier,
  createInitialWeights,
  type FitProgress,
  holdOut,
  type ImageSize,
  type ModelSpec,
  type Network,
  networkOf,
  type PixelSource,
  pixelSourceOf,
  splitNetwork,
  type TrainingImages,
  type Weights,
} from '@dlcmp/contract';
import type { Check } from '../../results/checks';
import type { TrainingRecord, WeightJourney } from '../../results/training-record';
import type { TrainingOptions } from '../measure-fit';
import { judged } from './audit-definitions';
import { weightJourney } from './weight-journey';

const MOST_LOSSES = 1000;
/** As `CnnFitOptions` has them. */
const DEFAULTS = { epochs: 10, batchSize: 32 };

/** Looks on while a network is trained: what it fetches, what it reports, where its weights go. */
export class TrainingWatch {
  /** To be trained on in the place of the real ones: counts what is fetched. */
  readonly images: TrainingImages;
  readonly #network: Network;
  readonly #initial: Weights;
  readonly #fetches: Uint32Array;
  readonly #losses: number[] = [];
  readonly #weights: WeightJourney[] = [];
  /** Images that steps are taken on. */
  readonly trainedCount: number;
  /** Of the plan, over all epochs. */
  readonly #plannedSteps: number;
  readonly #stepsPerEpoch: number;
  readonly #epochs: number;
  /** Whether training may end before the last epoch. */
  readonly #mayStop: boolean;
  readonly #elsewhere: boolean;
  /** Where frozen layers compute its features, each image is to be fetched once. */
  readonly #isFrozen: boolean;
  /** The epoch whose weights training ends with, from 1. */
  #best = 0;
  #reports = 0;
  #misnumbered = 0;

  /** @param elsewhere whether another process computes, which reads the images' file by itself */
  constructor(
    spec: ModelSpec,
    images: TrainingImages,
    training: TrainingOptions,
    elsewhere: boolean,
  ) {
    const { epochs, batchSize } = { ...DEFAULTS, ...training };
    this.#epochs = epochs;
    this.#mayStop = training.patience !== undefined;
    this.#network = networkOf(spec);
    this.trainedCount = trainedCount(images, this.#network, training, spec.seed);
    this.#stepsPerEpoch = Math.ceil(this.trainedCount / batchSize);
    this.#plannedSteps = epochs * this.#stepsPerEpoch;
    this.#isFrozen = splitNetwork(this.#network, training.train ?? 'all') !== undefined;
    this.#initial = createInitialWeights(spec, this.#network);
    this.#fetches = new Uint32Array(images.count);
    this.#elsewhere = elsewhere;
    this.images = { ...images, pixels: this.#counted(pixelSourceOf(images, spec)) };
  }

  /** Of all epochs that there were to be; early stopping ends them before. */
  get steps(): number {
    return this.#epochsDue * this.#stepsPerEpoch;
  }

  /** To be called with every progress of `fit`. */
  progress({ completed, total, loss, losses }: FitProgress): void {
    this.#reports++;
    if (completed !== this.#reports || total !== this.#plannedSteps) this.#misnumbered++;
    this.#losses.push(...(losses ?? (loss === undefined ? [] : [loss])));
  }

  /** To be called after every epoch, off the clock. */
  async epochEnded(classifier: Classifier, isBest: boolean): Promise<void> {
    this.#weights.push(await this.#journey(classifier));
    if (isBest) this.#best = this.#weights.length;
  }

  get record(): TrainingRecord {
    const stepLosses = this.#losses.slice(0, MOST_LOSSES).map((loss) => round(loss));
    return { stepLosses, weights: this.#weights };
  }

  /** What the training has shown, now that all of the trial's measurements are over. */
  async checks(classifier: Classifier): Promise<Check[]> {
    const end = await this.#journey(classifier);
    const kept = this.#weights[this.#best - 1];
    return [
      judged('planned-steps', this.#unplannedSteps(), `${this.steps} steps planned`),
      ...(this.#elsewhere ? [] : [this.#imagesFetched()]),
      judged('moving-weights', this.#epochsAtRest(), `${this.#epochsDue} epochs`),
      judged('weights-at-rest', kept ? distance(kept, end) : 0),
    ];
  }

  get #epochsDue(): number {
    return this.#mayStop ? this.#weights.length : this.#epochs;
  }

  async #journey(classifier: Classifier): Promise<WeightJourney> {
    const weights = await (classifier as CnnClassifier).getWeights();
    return weightJourney(this.#network, this.#initial, weights);
  }

  #counted(source: PixelSource): PixelSource {
    const read = (indices: ArrayLike<number>, into: Uint8Array) => {
      source.read(indices, into);
      for (let at = 0; at < indices.length; at++) this.#count(indices[at] as number);
    };
    const { count, bytesPerImage, file } = source;
    return { count, bytesPerImage, read, ...(this.#elsewhere && file && { file }) };
  }

  #count(image: number): void {
    this.#fetches[image] = (this.#fetches[image] as number) + 1;
  }

  #unplannedSteps(): number {
    const missing = Math.abs(this.steps - this.#reports);
    const unread = Math.abs(this.steps - this.#losses.length);
    const epochs = Math.abs(this.#epochsDue - this.#weights.length);
    return Math.max(missing, this.#misnumbered, unread, epochs);
  }

  #imagesFetched(): Check {
    const due = this.#isFrozen ? 1 : this.#epochsDue;
    const wrong = this.#fetches.filter((fetches) => fetches !== due).length;
    const planned = due === 1 ? 'once' : `${due} times`;
    return judged(
      'planned-images',
      wrong,
      `each of ${this.#fetches.length} is to be fetched ${planned}`,
    );
  }

  #epochsAtRest(): number {
    const moved = this.#weights.filter((now, epoch) => {
      const before = this.#weights[epoch - 1];
      return before ? distance(before, now) > 0 : now.way > 0;
    });
    return this.#epochsDue - moved.length;
  }
}

function trainedCount(
  images: TrainingImages,
  size: ImageSize,
  { validation }: TrainingOptions,
  seed: number,
): number {
  if (validation === undefined) return images.count;
  return holdOut(images, size, validation, seed).training.count;
}

/** What distinguishes float32 numbers. */
function round(loss: number): number {
  return Number(loss.toPrecision(9));
}

/** Largest difference of two journeys' sums. */
function distance(left: WeightJourney, right: WeightJourney): number {
  return Math.max(...left.sketch.map((sum, at) => Math.abs(sum - (right.sketch[at] as number))));
}
