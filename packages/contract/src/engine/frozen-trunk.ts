import { createHash } from 'node:crypto';
import { assertArgument, throwIfAborted } from '../errors';
import {
  bytesPerImage,
  type ImageSize,
  type LabelledImages,
  pixelSourceOf,
  type TrainingImages,
} from '../images';
import { machineMemory } from '../memory-limit';
import { pickWeights } from '../network/network-weights';
import type { Network } from '../network/resolve-network';
import type { SplitNetwork } from '../network/split-network';
import { assertFiniteProbabilities } from '../training/divergence';
import type { RunSettings } from '../training/training-checkpoint';
import type { Weights } from '../weights';
import type { TrainableModel } from './engine';
import type { UsageSpan, UsageSum } from './usage-sum';

/** Images that go through the frozen layers between two looks at the signal. */
const IMAGES_AT_ONCE = 64;

/** Layers that stay as they are, and those behind them as a model of their own. */
export class FrozenTrunk {
  readonly #open: (network: Network) => Promise<TrainableModel>;
  readonly #trunk: Network;
  readonly #weights: Weights;
  /** The layers that are trained. */
  readonly model: TrainableModel;
  readonly #usage: UsageSum;
  readonly #tailUse: UsageSpan;
  #trunkModel: TrainableModel | undefined;
  #trunkUse: UsageSpan | undefined;
  /** Of images that were handed in so far. */
  readonly #features = new Map<TrainingImages, LabelledImages>();

  private constructor(
    open: (network: Network) => Promise<TrainableModel>,
    trunk: Network,
    weights: Weights,
    model: TrainableModel,
    usage: UsageSum,
    tailUse: UsageSpan,
  ) {
    this.#open = open;
    this.#trunk = trunk;
    this.#weights = weights;
    this.model = model;
    this.#usage = usage;
    this.#tailUse = tailUse;
  }

  /**
   * @param weights of the whole network, which both parts begin with
   * @param usage to which is added what processes of their own use
   */
  static async open(
    open: (network: Network) => Promise<TrainableModel>,
    { trunk, tail }: SplitNetwork,
    weights: Weights,
    usage: UsageSum,
  ): Promise<FrozenTrunk> {
    const model = await open(tail);
    try {
      await model.writeWeights(pickWeights(weights, tail));
      const use = await usage.begin(model);
      return new FrozenTrunk(open, trunk, pickWeights(weights, trunk), model, usage, use);
    } catch (error) {
      await model.release();
      throw error;
    }
  }

  /** What else decides a run: the weights that stay. */
  get settings(): RunSettings {
    const hash = createHash('sha256');
    for (const { data } of Object.values(this.#weights)) {
      hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    return { frozenWeights: hash.digest('hex') };
  }

  /**
   * What the frozen layers compute of each image, in the images' place: float32, as the layers behind them take it. It is computed
   * once for the same `images`.
   *
   * @throws `INVALID_ARGUMENT` where memory does not hold it; `ABORTED`
   */
  async featuresOf(
    images: TrainingImages,
    size: ImageSize,
    signal: AbortSignal | undefined,
  ): Promise<LabelledImages> {
    const known = this.#features.get(images);
    if (known) return known;
    const features = await this.#compute(images, size, signal);
    this.#features.set(images, features);
    return features;
  }

  /**
   * Probabilities of images with these `features` by both parts: [count × classes].
   *
   * @throws `DIVERGED`
   */
  async predict({ pixels, count }: LabelledImages): Promise<Float32Array> {
    const probabilities = await this.model.infer(pixels, count, 'probabilities');
    assertFiniteProbabilities(probabilities);
    return probabilities;
  }

  async #compute(
    images: TrainingImages,
    size: ImageSize,
    signal: AbortSignal | undefined,
  ): Promise<LabelledImages> {
    const { classCount: length } = this.#trunk;
    const { labels, count } = images;
    assertRoom(count * length * Float32Array.BYTES_PER_ELEMENT, count);
    const features = new Float32Array(count * length);
    const source = pixelSourceOf(images, size);
    const model = await this.#openTrunk();
    const pixels = new Uint8Array(Math.min(count, IMAGES_AT_ONCE) * bytesPerImage(size));
    for (let first = 0; first < count; first += IMAGES_AT_ONCE) {
      throwIfAborted(signal);
      const taken = Math.min(IMAGES_AT_ONCE, count - first);
      const indices = Array.from({ length: taken }, (_, at) => first + at);
      source.read(indices, pixels);
      const own = pixels.subarray(0, taken * source.bytesPerImage);
      features.set(await model.infer(own, taken, 'logits'), first * length);
    }
    return { pixels: new Uint8Array(features.buffer), labels, count };
  }

  /** To be called once training is over. */
  async countUsage(): Promise<void> {
    await this.#tailUse.end();
    await this.#trunkUse?.end();
  }

  async release(): Promise<void> {
    await this.model.release();
    await this.#trunkModel?.release();
  }

  /** Once for as long as a fit lasts: a session, or a process, is no small thing to open. */
  async #openTrunk(): Promise<TrainableModel> {
    if (this.#trunkModel) return this.#trunkModel;
    const model = await this.#open(this.#trunk);
    this.#trunkModel = model;
    await model.writeWeights(this.#weights);
    this.#trunkUse = await this.#usage.begin(model);
    return model;
  }
}

function assertRoom(bytes: number, count: number): void {
  const { bytes: most, owner } = machineMemory();
  assertArgument(
    bytes < most / 2,
    `The features of ${count} images take ${(bytes / 1e9).toFixed(1)} GB, and ${owner} has ${(most / 1e9).toFixed(1)} GB: train fewer layers, or all of them.`,
  );
}
