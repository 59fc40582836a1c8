import { bytesPerImage, elementCount, type InferenceOutput } from '@dlcmp/contract';
import type { DevicePointer } from '@dlcmp/cuda';
import { ConvolutionPass } from './convolution-pass';
import type { CudaNetwork } from './forward-pass';
import { TailPass } from './tail-pass';

/** Images that go through the convolutions together, while the next ones go up. */
const LARGEST_BATCH = 64;
/** Fewer leave the GPU half idle. */
const SMALLEST_BATCH = 16;
/** Images whose answers are read together, at most. */
const MOST_TOGETHER = 256;
const FLOAT_BYTES = 4;

/** Answers for images, from the weights on the GPU as they are. */
export class CudaPredictor {
  readonly #network: CudaNetwork;
  readonly #convolutions = new Map<number, ConvolutionPass>();
  readonly #tails = new Map<number, TailPass>();
  /** The last block's images, [MOST_TOGETHER × values of one]. */
  readonly #features: DevicePointer;
  /** Of one of them. */
  readonly #featureBytes: number;

  constructor(network: CudaNetwork) {
    const { engine, plan } = network;
    this.#network = network;
    this.#featureBytes = elementCount(plan.tailShape) * FLOAT_BYTES;
    this.#features = engine.driver.allocate(MOST_TOGETHER * this.#featureBytes);
  }

  /** One row for each of `count` images: [count × classes]. */
  run(pixels: Uint8Array, count: number, output: InferenceOutput): Float32Array {
    const { classCount } = this.#network.plan.network;
    const answers = new Float32Array(count * classCount);
    const batch = batchSize(count);
    for (let start = 0; start < count; ) {
      const { slots } = this.#openConvolutions(Math.min(batch, count - start));
      const size = Math.min(batch * slots, MOST_TOGETHER, count - start);
      const rows = answers.subarray(start * classCount, (start + size) * classCount);
      this.#runTogether(this.#images(pixels, start, size), rows, batch, output);
      start += size;
    }
    return answers;
  }

  release(): void {
    for (const pass of [...this.#convolutions.values(), ...this.#tails.values()]) pass.release();
    this.#convolutions.clear();
    this.#tails.clear();
    this.#network.engine.driver.free(this.#features);
  }

  /** Fills `answers`. Waits for the GPU once, when all is queued. */
  #runTogether(
    pixels: Uint8Array,
    answers: Float32Array,
    batch: number,
    output: InferenceOutput,
  ): void {
    const { engine, plan } = this.#network;
    const { driver, stream } = engine;
    const count = answers.length / plan.network.classCount;
    for (let start = 0, slot = 0; start < count; start += batch, slot++) {
      const size = Math.min(batch, count - start);
      const place = this.#features + BigInt(start * this.#featureBytes);
      this.#openConvolutions(size).run(slot, this.#images(pixels, start, size), place);
    }
    driver.copyToHost(answers, this.#openTail(count).run(output), stream);
    driver.synchronize(stream);
  }

  #images(pixels: Uint8Array, start: number, count: number): Uint8Array {
    const imageBytes = bytesPerImage(this.#network.plan.network);
    return pixels.subarray(start * imageBytes, (start + count) * imageBytes);
  }

  #openConvolutions(size: number): ConvolutionPass {
    const pass = this.#convolutions.get(size) ?? new ConvolutionPass(this.#network, size);
    this.#convolutions.set(size, pass);
    return pass;
  }

  /** For `count` images or up to twice as many, so that few sizes are made ready; the rows over are nobody's. */
  #openTail(count: number): TailPass {
    const size = 2 ** Math.ceil(Math.log2(count));
    const pass = this.#tails.get(size) ?? new TailPass(this.#network, this.#features, size);
    this.#tails.set(size, pass);
    return pass;
  }
}

/** A half of the images or less, so that copies and work overlap: a power of two, as few sizes are made ready. */
function batchSize(count: number): number {
  const half = 2 ** Math.floor(Math.log2(Math.max(1, count / 2)));
  return Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, half));
}
