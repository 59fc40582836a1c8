import { HEAP_HEADER_BYTES } from '@dlcmp/kernels';
import type { ForeignFunctions } from '../binding/foreign-functions';
import { forEachRow, type Strip, type StripLayout } from './strips';

/** Memory that all threads share: kernels know its bytes by number, TensorFlow by address. */
export interface SharedTileMemory {
  readonly memory: WebAssembly.Memory;
  /** Where it begins in the process. */
  readonly address: number;
}

/** Bytes before the threads' shares: the number of the strip that is next. */
export const HEADER_BYTES = HEAP_HEADER_BYTES;

/** The shared memory, as one thread reads and writes it. Places are in bytes from its beginning. */
export class TileMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #address: number;
  readonly #copy: (to: number, from: number, bytes: number) => void;

  constructor(koffi: ForeignFunctions, { memory, address }: SharedTileMemory) {
    this.#memory = memory;
    this.#address = address;
    this.#copy = koffi.load(null).func('void memcpy(uintptr_t, uintptr_t, size_t)');
  }

  addressOf(place: number): number {
    return this.#address + place;
  }

  clear(place: number, bytes: number): void {
    new Uint8Array(this.#memory.buffer, place, bytes).fill(0);
  }

  /** Copies from an address of the process. */
  copyIn(place: number, address: number, bytes: number): void {
    this.#copy(this.#address + place, address, bytes);
  }

  /** Copies to an address of the process. */
  copyOut(address: number, place: number, bytes: number): void {
    this.#copy(address, this.#address + place, bytes);
  }

  /** Reads a strip of a tensor's images; what is not in its image is zero, but for what lies right of it. */
  readStrip(place: number, tensor: number, strip: Strip, layout: StripLayout): void {
    forEachRow(
      strip,
      layout,
      (inTensor, inStrip, bytes) => this.copyIn(place + inStrip, tensor + inTensor, bytes),
      (inStrip, bytes) => this.clear(place + inStrip, bytes),
    );
  }

  /** Writes a strip into a tensor's images. */
  writeStrip(tensor: number, place: number, strip: Strip, layout: StripLayout): void {
    forEachRow(
      strip,
      layout,
      (inTensor, inStrip, bytes) => this.copyOut(tensor + inTensor, place + inStrip, bytes),
      () => {},
    );
  }

  /** Numbers of strips from 0 on, below `count`, each given to one thread. */
  *takeStrips(count: number): Generator<number> {
    const next = new Int32Array(this.#memory.buffer, 0, 1);
    for (let index = Atomics.add(next, 0, 1); index < count; index = Atomics.add(next, 0, 1)) {
      yield index;
    }
  }

  /** Begins to give strips out anew. */
  restart(): void {
    Atomics.store(new Int32Array(this.#memory.buffer), 0, 0);
  }
}
