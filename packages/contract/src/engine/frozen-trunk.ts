import { createHash } from 'node:crypto';
import type { ResourceUsage } from '../classifier';
import { assertArgument, throwIfAborted } from '../errors';
import { bytesPerImage, type ImageSize, pixelSourceOf, type TrainingImages } from '../images';
import { machineMemory } from '../memory-limit';
import { pickWeights } from '../network/network-weights';
import type { Network } from '../network/resolve-network';
import type { SplitNetwork } from '../network/split-network';
import type { RunSettings } from '../training/training-checkpoint';
import type { Weights } from '../weights';
import type { TrainableModel } from './engine';
import type { UsageSum } from './usage-sum';

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
  #usedBefore: ResourceUsage | undefined;

  private constructor(
    open: (network: Network) => Promise<TrainableModel>,
    trunk: Network,
    weights: Weights,
    model: TrainableModel,
    usage: UsageSum,
  ) {
    this.#open = open;
    this.#trunk = trunk;
    this.#weights = weights;
    this.model = model;
    this.#usage = usage;
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
      const opened = new FrozenTrunk(open, trunk, pickWeights(weights, trunk), model, usage);
      opened.#usedBefore = await model.resourceUsage?.();
      return opened;
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
   * What the frozen layers compute of each image, in the images' place: float32, as the layers behind them take it.
   *
   * @throws `INVALID_ARGUMENT` where memory does not hold it; `ABORTED`
   */
  async featuresOf(
    images: TrainingImages,
    size: ImageSize,
    signal: AbortSignal | undefined,
  ): Promise<TrainingImages> {
    const { classCount: length } = this.#trunk;
    const { labels, count } = images;
    assertRoom(count * length * Float32Array.BYTES_PER_ELEMENT, count);
    const features = new Float32Array(count * length);
    const source = pixelSourceOf(images, size);
    const model = await this.#open(this.#trunk);
    try {
      await model.writeWeights(this.#weights);
      const before = await model.resourceUsage?.();
      const pixels = new Uint8Array(Math.min(count, IMAGES_AT_ONCE) * bytesPerImage(size));
      for (let first = 0; first < count; first += IMAGES_AT_ONCE) {
        throwIfAborted(signal);
        const taken = Math.min(IMAGES_AT_ONCE, count - first);
        const indices = Array.from({ length: taken }, (_, at) => first + at);
        source.read(indices, pixels);
        const own = pixels.subarray(0, taken * source.bytesPerImage);
        features.set(await model.infer(own, taken, 'logits'), first * length);
      }
      this.#usage.add(before, await model.resourceUsage?.());
    } finally {
      await model.release();
    }
    return { pixels: new Uint8Array(features.buffer), labels, count };
  }

  /** To be called once training is over. */
  async countUsage(): Promise<void> {
    this.#usage.add(this.#usedBefore, await this.model.resourceUsage?.());
  }

  release(): Promise<void> {
    return this.model.release();
  }
}

function assertRoom(bytes: number, count: number): void {
  const { bytes: most, owner } = machineMemory();
  assertArgument(
    bytes < most / 2,
    `The features of ${count} images take ${(bytes / 1e9).toFixed(1)} GB, and ${owner} has ${(most / 1e9).toFixed(1)} GB: train fewer layers, or all of them.`,
  );
}
