import { type DevicePointer, type RecordedWork, UploadRing } from '@dlcmp/cuda';
import { allocateBuffers, type DeviceBuffers } from './device-buffers';
import { blockBuffers, type CudaNetwork, ForwardPass, forwardBufferSizes } from './forward-pass';
import { recordWarm } from './record-warm';

const FLOAT_BYTES = 4;

/** From pixels to features for batches of one size, recorded once and then launched as a whole. */
export class ConvolutionPass {
  readonly #network: CudaNetwork;
  readonly #buffers: DeviceBuffers;
  readonly #forward: ForwardPass;
  readonly #ring: UploadRing;
  readonly #work: RecordedWork;
  /** Where the last block leaves its output, and its bytes. */
  readonly #pooled: DevicePointer;
  readonly #featureBytes: number;

  constructor(network: CudaNetwork, size: number) {
    const { engine, sizes } = network;
    const pixels = size * sizes.imageBytes;
    this.#network = network;
    this.#buffers = allocateBuffers(engine.driver, {
      ...forwardBufferSizes(sizes, size),
      pixels,
    });
    this.#pooled = this.#buffers.address(blockBuffers(sizes.blocks.length - 1).pooled);
    this.#featureBytes = size * sizes.features * FLOAT_BYTES;
    this.#forward = new ForwardPass(network, this.#buffers, size);
    this.#ring = new UploadRing(engine.driver, [pixels]);
    this.#work = recordWarm(engine, () => this.#forward.run(this.#buffers.address('pixels')));
  }

  /** Batches that may be under way, each in a slot of its own; whoever has used all waits for the GPU. */
  get slots(): number {
    return this.#ring.slots;
  }

  /** Queues a batch, whose features are to come to `features`: [size × features]. */
  run(slot: number, pixels: Uint8Array, features: DevicePointer): void {
    const { driver, stream } = this.#network.engine;
    const [uploaded] = this.#ring.upload(slot, [pixels]) as [bigint];
    driver.copyOnDevice(this.#buffers.address('pixels'), uploaded, pixels.length, stream);
    this.#work.run();
    driver.copyOnDevice(features, this.#pooled, this.#featureBytes, stream);
  }

  release(): void {
    this.#work.release();
    this.#forward.release();
    this.#buffers.free();
    this.#ring.dispose();
  }
}
