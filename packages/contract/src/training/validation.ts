import type { ValidationResult } from '../classifier';
import { DlcmpError } from '../errors';
import { type ImageSize, pixelSourceOf, type TrainingImages } from '../images';
import type { Weights } from '../weights';

/** The epoch with the lowest loss so far on the images held back. */
export interface BestEpoch {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  /** Weights and state at its end. */
  readonly weights: Weights;
}

/** What a model is asked for between epochs. */
export interface ValidatedModel {
  /** Scores of `count` images, [count × classes]. */
  predictLogits(pixels: Uint8Array, count: number): Promise<Float32Array>;
  getWeights(): Promise<Weights>;
  writeWeights(weights: Weights): Promise<void>;
}

/** What a run is judged by. */
export interface ValidationPlan {
  readonly images: TrainingImages;
  readonly size: ImageSize & { readonly classCount: number };
  /** Epochs without a lower loss after which training stops. */
  readonly patience: number;
}

const IMAGES_AT_ONCE = 64;

/**
 * Judges each epoch by images that are held back, and keeps the weights of the best. Early stopping as in Prechelt 1998, "Early
 * stopping: but when?", with patience in the place of his thresholds.
 */
export class Validation {
  readonly #plan: ValidationPlan;
  readonly #model: ValidatedModel;
  #best: BestEpoch | undefined;

  /** @param best of the run that is resumed */
  constructor(plan: ValidationPlan, model: ValidatedModel, best: BestEpoch | undefined) {
    this.#plan = plan;
    this.#model = model;
    this.#best = best;
  }

  get best(): BestEpoch | undefined {
    return this.#best;
  }

  /** Whether no lower loss has come within the patience, now that `epoch` is over. */
  isOver(epoch: number): boolean {
    return this.#best !== undefined && epoch - this.#best.epoch >= this.#plan.patience;
  }

  /** To be called at the end of each `epoch`. @throws `DIVERGED` where the loss is not finite */
  async judge(epoch: number): Promise<ValidationResult> {
    const { loss, accuracy } = await this.#measure();
    if (!Number.isFinite(loss)) {
      throw new DlcmpError(
        'DIVERGED',
        `The validation loss became ${loss} after epoch ${epoch}: the network answers scores that are not finite. Train with a lower learning rate.`,
      );
    }
    const isBest = this.#best === undefined || loss < this.#best.loss;
    if (isBest) this.#best = { epoch, loss, weights: await this.#model.getWeights() };
    return { loss, accuracy, isBest };
  }

  /** To be called once training is over, after `epoch`. */
  async restoreBest(epoch: number): Promise<void> {
    if (this.#best && this.#best.epoch !== epoch) {
      await this.#model.writeWeights(this.#best.weights);
    }
  }

  async #measure(): Promise<{ loss: number; accuracy: number }> {
    const { images, size } = this.#plan;
    const source = pixelSourceOf(images, size);
    const pixels = new Uint8Array(Math.min(images.count, IMAGES_AT_ONCE) * source.bytesPerImage);
    let [lossSum, right] = [0, 0];
    for (let first = 0; first < images.count; first += IMAGES_AT_ONCE) {
      const count = Math.min(IMAGES_AT_ONCE, images.count - first);
      source.read(
        Array.from({ length: count }, (_, at) => first + at),
        pixels,
      );
      const own = pixels.subarray(0, count * source.bytesPerImage);
      const logits = await this.#model.predictLogits(own, count);
      for (let at = 0; at < count; at++) {
        const scores = logits.subarray(at * size.classCount, (at + 1) * size.classCount);
        const label = images.labels[first + at] as number;
        lossSum += crossEntropy(scores, label);
        if (scores.indexOf(Math.max(...scores)) === label) right++;
      }
    }
    return { loss: lossSum / images.count, accuracy: right / images.count };
  }
}

/** log Σ exp(scores) - score of the label, in float64. */
function crossEntropy(scores: Float32Array, label: number): number {
  const largest = Math.max(...scores);
  const sum = scores.reduce((total, score) => total + Math.exp(score - largest), 0);
  return largest + Math.log(sum) - (scores[label] as number);
}
