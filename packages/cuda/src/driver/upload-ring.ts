import type { CudaDriver, DevicePointer } from './cuda-driver';

/** Alignment that every library is content with. */
const ALIGNMENT = 256;
/** Memory that the slots may take together. */
const BUDGET_BYTES = 2 ** 28;
const MOST_SLOTS = 32;

/**
 * Memory on the GPU for the batches of some steps ahead, written by a stream of its own: a batch goes up while the GPU
 * computes with earlier ones. Whoever has used all `slots` waits for the GPU before starting over.
 */
export class UploadRing {
  readonly slots: number;
  readonly #driver: CudaDriver;
  readonly #stream: DevicePointer;
  readonly #base: DevicePointer;
  readonly #slotBytes: number;
  readonly #offsets: readonly number[];

  /** @param sizes bytes of each array of a batch */
  constructor(driver: CudaDriver, sizes: readonly number[]) {
    const padded = sizes.map((bytes) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    this.#driver = driver;
    this.#stream = driver.createStream();
    this.#slotBytes = padded.reduce((sum, bytes) => sum + bytes, 0);
    this.#offsets = padded.map((_, index) => padded.slice(0, index).reduce((a, b) => a + b, 0));
    const fitting = Math.floor(BUDGET_BYTES / this.#slotBytes);
    this.slots = Math.min(MOST_SLOTS, Math.max(2, fitting));
    this.#base = driver.allocate(this.slots * this.#slotBytes);
  }

  /** Copies a batch's arrays into `slot` and waits for the copy alone. Returns where each lies. */
  upload(slot: number, arrays: readonly ArrayBufferView[]): DevicePointer[] {
    const start = this.#base + BigInt(slot * this.#slotBytes);
    const addresses = this.#offsets.map((offset) => start + BigInt(offset));
    arrays.forEach((array, index) => {
      this.#driver.copyToDevice(addresses[index] as DevicePointer, array, this.#stream);
    });
    this.#driver.synchronize(this.#stream);
    return addresses;
  }

  dispose(): void {
    this.#driver.free(this.#base);
  }
}
