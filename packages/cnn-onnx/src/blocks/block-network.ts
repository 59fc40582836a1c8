import type { HeapArray } from '../kernels/shared-heap';
import type { BlockEngine } from './block-engine';
import { type BlockSizes, type ImageLayout, paddedChannels, pooledSize } from './block-sizes';
import { PixelBlock } from './pixel-block';
import { type ImageRange, WinogradBlock } from './winograd-block';

/** Weights or gradients by name. */
export type HeapWeights = Readonly<Record<string, HeapArray>>;

/**
 * The convolution blocks at the front of a network. A batch goes through all of them a few images at a
 * time, so that what one block writes is still in the cache when the next reads it.
 */
export class BlockNetwork {
  readonly #engine: BlockEngine;
  readonly #sizes: readonly BlockSizes[];
  readonly #pixelBlock: PixelBlock;
  readonly #blocks: readonly WinogradBlock[];
  readonly #pixels: HeapArray<Uint8Array>;
  readonly #output: HeapArray;
  readonly #outputLayout: ImageLayout;
  /** The last forward pass's features, [image][channel][height][width]. */
  readonly features: HeapArray;
  /** To be filled before {@link backward}. */
  readonly featureGradients: HeapArray;

  constructor(engine: BlockEngine, sizes: readonly BlockSizes[]) {
    const { heap, capacity, chunk, training } = engine;
    const [first, ...others] = sizes as [BlockSizes, ...BlockSizes[]];
    this.#engine = engine;
    this.#sizes = sizes;
    this.#pixels = heap.bytes(capacity * first.inputHeight * first.inputWidth * 3);
    this.#pixelBlock = new PixelBlock(engine, first);
    this.#blocks = others.map((other) => new WinogradBlock(engine, other));
    const { height, width, channels, lanes } = this.#outputSizes();
    this.#output = heap.floats(chunk * height * width * lanes);
    this.#outputLayout = {
      address: this.#output.address,
      imageBytes: height * width * lanes * 4,
      rowBytes: width * lanes * 4,
    };
    const featureLength = capacity * height * width * channels;
    this.features = heap.floats(featureLength);
    this.featureGradients = training ? heap.floats(featureLength) : this.features;
  }

  /** To be called whenever the weights have changed. */
  prepare(weights: HeapWeights): void {
    const [first, ...others] = this.#sizes as [BlockSizes, ...BlockSizes[]];
    this.#pixelBlock.prepare(weightOf(weights, first).data, biasOf(weights, first).data);
    for (const [index, block] of this.#blocks.entries()) {
      const sizes = others[index] as BlockSizes;
      block.prepare(weightOf(weights, sizes), biasOf(weights, sizes).data);
    }
  }

  /** Fills {@link features}. */
  async forward(pixels: Uint8Array, count: number): Promise<void> {
    this.#pixels.data.set(pixels);
    const imageBytes = pixels.length / count;
    for (const range of this.#ranges(count)) {
      const address = this.#pixels.address + range.first * imageBytes;
      await this.#pixelBlock.forward(range, address, this.#blocks[0]?.input ?? this.#outputLayout);
      for (const [index, block] of this.#blocks.entries()) {
        await block.forward(range, this.#blocks[index + 1]?.input ?? this.#outputLayout);
      }
      this.#moveFeatures('writeFeatures', this.features, range);
    }
  }

  /** Fills `gradients`, given {@link featureGradients}. */
  async backward(gradients: HeapWeights, count: number): Promise<void> {
    for (const range of this.#ranges(count)) {
      this.#moveFeatures('readFeatures', this.featureGradients, range);
      let layout = this.#outputLayout;
      for (const block of this.#blocks.toReversed()) layout = await block.backward(range, layout);
      this.#pixelBlock.backward(range, layout);
    }
    const [first, ...others] = this.#sizes as [BlockSizes, ...BlockSizes[]];
    this.#pixelBlock.writeGradients(weightOf(gradients, first).data, biasOf(gradients, first).data);
    for (const [index, block] of this.#blocks.entries()) {
      const sizes = others[index] as BlockSizes;
      block.writeGradients(weightOf(gradients, sizes), biasOf(gradients, sizes).data, count);
    }
  }

  #moveFeatures(kernel: 'writeFeatures' | 'readFeatures', features: HeapArray, range: ImageRange) {
    const { height, width, channels, lanes } = this.#outputSizes();
    const featureAddress = features.address + range.first * height * width * channels * 4;
    const addresses = [featureAddress, this.#output.address];
    if (kernel === 'readFeatures') addresses.reverse();
    this.#engine.pool.share(kernel, range.count, (first, last) => [
      ...[...addresses, first, last, height, width, channels],
      ...[this.#outputLayout.imageBytes, this.#outputLayout.rowBytes, lanes * 4],
    ]);
  }

  #outputSizes() {
    const { inputHeight, inputWidth, outputChannels } = this.#sizes.at(-1) as BlockSizes;
    return {
      height: pooledSize(inputHeight),
      width: pooledSize(inputWidth),
      channels: outputChannels,
      lanes: paddedChannels(outputChannels),
    };
  }

  *#ranges(count: number): Generator<ImageRange> {
    const { chunk } = this.#engine;
    for (let first = 0; first < count; first += chunk) {
      yield { first, count: Math.min(chunk, count - first) };
    }
  }
}

function weightOf(weights: HeapWeights, { name }: BlockSizes): HeapArray {
  return weights[`${name}.weight`] as HeapArray;
}

function biasOf(weights: HeapWeights, { name }: BlockSizes): HeapArray {
  return weights[`${name}.bias`] as HeapArray;
}
