import type { CudaDriver, DevicePointer, PinnedMemory } from './cuda-driver';

/** Alignment that every library is content with. */
const ALIGNMENT = 256;
/** Memory that the slots may take together. */
const BUDGET_BYTES = 2 ** 28;
const MOST_SLOTS = 32;
/** While one piece goes up, the next is copied to where the GPU takes it from. */
const PIECE_BYTES = 2 ** 19;

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
  readonly #staging: PinnedMemory;

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
    this.#staging = driver.allocatePinned(this.#slotBytes);
  }

  /** Copies a batch's arrays into `slot` and waits for the copy alone. Returns where each lies. */
  upload(slot: number, arrays: readonly ArrayBufferView[]): DevicePointer[] {
    const start = this.#base + BigInt(slot * this.#slotBytes);
    arrays.forEach((array, index) => {
      this.#copy(start, this.#offsets[index] as number, array);
    });
    this.#driver.synchronize(this.#stream);
    return this.#offsets.map((offset) => start + BigInt(offset));
  }

  dispose(): void {
    this.#staging.free();
    this.#driver.free(this.#base);
  }

  #copy(start: DevicePointer, offset: number, { buffer, byteOffset, byteLength }: ArrayBufferView) {
    const source = new Uint8Array(buffer, byteOffset, byteLength);
    for (let at = 0; at < byteLength; at += PIECE_BYTES) {
      const piece = source.subarray(at, at + PIECE_BYTES);
      const place = offset + at;
      const staged = this.#staging.bytes.subarray(place, place + piece.length);
      staged.set(piece);
      this.#driver.copyToDevice(start + BigInt(place), staged, this.#stream);
    }
  }
}
