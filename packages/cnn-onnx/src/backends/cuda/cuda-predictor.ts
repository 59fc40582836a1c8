import type { DevicePointer } from '@dlcmp/cuda';
import type { Prediction } from '../device-network';
import type { CudaNetwork } from './forward-pass';
import { InferencePass } from './inference-pass';

/** Images that go through the network together, while the next ones go up. */
const LARGEST_BATCH = 64;
/** Fewer leave the GPU half idle. */
const SMALLEST_BATCH = 16;
/** Batches whose answers are read together, at most. */
const MOST_PENDING = 32;
const FLOAT_BYTES = 4;

/** Answers for images, from the weights on the GPU as they are. */
export class CudaPredictor {
  readonly #network: CudaNetwork;
  readonly #passes = new Map<number, InferencePass>();
  readonly #answers: DevicePointer;

  constructor(network: CudaNetwork) {
    const { engine, sizes } = network;
    this.#network = network;
    this.#answers = engine.driver.allocate(
      MOST_PENDING * LARGEST_BATCH * sizes.classes * FLOAT_BYTES,
    );
  }

  /** One row for each of `count` images: [count × classes]. */
  run(pixels: Uint8Array, count: number, prediction: Prediction): Float32Array {
    const { classes, blocks } = this.#network.sizes;
    const { height = 0, width = 0 } = blocks[0] ?? {};
    const imageBytes = height * width * 3;
    const answers = new Float32Array(count * classes);
    const batch = batchSize(count);
    for (let start = 0; start < count; ) {
      const { slots } = this.#open(Math.min(batch, count - start));
      const size = Math.min(batch * Math.min(MOST_PENDING, slots), count - start);
      const images = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      this.#runTogether(images, answers.subarray(start * classes), batch, prediction);
      start += size;
    }
    return answers;
  }

  release(): void {
    for (const pass of this.#passes.values()) pass.release();
    this.#passes.clear();
    this.#network.engine.driver.free(this.#answers);
  }

  /** Waits for the GPU once, when all is queued. */
  #runTogether(
    pixels: Uint8Array,
    answers: Float32Array,
    batch: number,
    prediction: Prediction,
  ): void {
    const { engine, sizes } = this.#network;
    const { driver, stream } = engine;
    const { height = 0, width = 0 } = sizes.blocks[0] ?? {};
    const imageBytes = height * width * 3;
    const count = pixels.length / imageBytes;
    const rowBytes = sizes.classes * FLOAT_BYTES;
    for (let start = 0, slot = 0; start < count; start += batch, slot++) {
      const size = Math.min(batch, count - start);
      const images = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      const rows = this.#open(size).run(slot, images, prediction);
      const place = this.#answers + BigInt(start * rowBytes);
      driver.copyOnDevice(place, rows, size * rowBytes, stream);
    }
    driver.copyToHost(answers.subarray(0, count * sizes.classes), this.#answers, stream);
    driver.synchronize(stream);
  }

  #open(size: number): InferencePass {
    const pass = this.#passes.get(size) ?? new InferencePass(this.#network, size);
    this.#passes.set(size, pass);
    return pass;
  }
}

/** A half of the images or less, so that copies and work overlap: a power of two, as few sizes are made ready. */
function batchSize(count: number): number {
  const half = 2 ** Math.floor(Math.log2(Math.max(1, count / 2)));
  return Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, half));
}
