import { bytesPerImage, elementCount } from '@dlcmp/contract';
import { type DevicePointer, type RecordedWork, UploadRing } from '@dlcmp/cuda';
import { allocateBuffers, type DeviceBuffers } from './device-buffers';
import { blockBuffers, type CudaNetwork, ForwardPass, forwardBufferSizes } from './forward-pass';
import { recordWarm } from './record-warm';

const FLOAT_BYTES = 4;

/** From pixels to the last block's images for batches of one size, recorded once and then launched as a whole. */
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
    const { engine, plan } = network;
    const pixels = size * bytesPerImage(plan.network);
    this.#network = network;
    this.#buffers = allocateBuffers(engine.driver, {
      ...forwardBufferSizes(plan, size),
      pixels,
    });
    this.#pooled = this.#buffers.address(blockBuffers(plan.blocks.length - 1).pooled);
    this.#featureBytes = size * elementCount(plan.tailShape) * FLOAT_BYTES;
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
