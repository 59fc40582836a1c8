import {
  type Classifier,
  type CnnClassifier,
  createInitialWeights,
  type FitProgress,
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
  /** Of the plan, over all epochs. */
  readonly steps: number;
  readonly #epochs: number;
  readonly #elsewhere: boolean;
  /** How often each image is to be fetched: once where frozen layers compute its features. */
  readonly #fetchesPlanned: number;
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
    this.steps = epochs * Math.ceil(images.count / batchSize);
    this.#network = networkOf(spec);
    this.#fetchesPlanned = splitNetwork(this.#network, training.train ?? 'all') ? 1 : epochs;
    this.#initial = createInitialWeights(spec, this.#network);
    this.#fetches = new Uint32Array(images.count);
    this.#elsewhere = elsewhere;
    this.images = { ...images, pixels: this.#counted(pixelSourceOf(images, spec)) };
  }

  /** To be called with every progress of `fit`. */
  progress({ completed, total, loss, losses }: FitProgress): void {
    this.#reports++;
    if (completed !== this.#reports || total !== this.steps) this.#misnumbered++;
    this.#losses.push(...(losses ?? (loss === undefined ? [] : [loss])));
  }

  /** To be called after every epoch, off the clock. */
  async epochEnded(classifier: Classifier): Promise<void> {
    this.#weights.push(await this.#journey(classifier));
  }

  get record(): TrainingRecord {
    const stepLosses = this.#losses.slice(0, MOST_LOSSES).map((loss) => round(loss));
    return { stepLosses, weights: this.#weights };
  }

  /** What the training has shown, now that all of the trial's measurements are over. */
  async checks(classifier: Classifier): Promise<Check[]> {
    const end = await this.#journey(classifier);
    const last = this.#weights.at(-1);
    return [
      judged('planned-steps', this.#unplannedSteps(), `${this.steps} steps planned`),
      ...(this.#elsewhere ? [] : [this.#imagesFetched()]),
      judged('moving-weights', this.#epochsAtRest(), `${this.#epochs} epochs`),
      judged('weights-at-rest', last ? distance(last, end) : 0),
    ];
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
    const epochs = Math.abs(this.#epochs - this.#weights.length);
    return Math.max(missing, this.#misnumbered, unread, epochs);
  }

  #imagesFetched(): Check {
    const wrong = this.#fetches.filter((fetches) => fetches !== this.#fetchesPlanned).length;
    const planned = this.#fetchesPlanned === 1 ? 'once' : `${this.#fetchesPlanned} times`;
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
    return this.#epochs - moved.length;
  }
}

/** What distinguishes float32 numbers. */
function round(loss: number): number {
  return Number(loss.toPrecision(9));
}

/** Largest difference of two journeys' sums. */
function distance(left: WeightJourney, right: WeightJourney): number {
  return Math.max(...left.sketch.map((sum, at) => Math.abs(sum - (right.sketch[at] as number))));
}
