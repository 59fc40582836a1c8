import { assertArgument } from '@dlcmp/contract';

const PAGE_BYTES = 65536;
const MAX_PAGES = 65536;
/** What the memory of a heap can grow to. */
export const MAX_HEAP_BYTES = MAX_PAGES * PAGE_BYTES;
/** Arrays begin at cache lines. */
const ALIGNMENT = 64;
/** Bytes before the first array, zero at first: for what threads count together. */
export const HEAP_HEADER_BYTES = ALIGNMENT;

/** An array on the heap: its address for kernels, its values for JavaScript and the library that multiplies matrices. */
export interface HeapArray<Data extends Float32Array | Uint8Array = Float32Array> {
  readonly address: number;
  readonly data: Data;
}

/** The same memory as another kind of buffer: see {@link SharedHeap}. */
export type ViewMemory = (memory: WebAssembly.Memory) => ArrayBufferLike;

/**
 * Memory that kernels share, on all threads, with JavaScript and the library that multiplies matrices: arrays are laid one after the other and
 * freed together, down to a mark. At most 4 GB, which is WebAssembly's limit.
 */
export class SharedHeap {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
  readonly #view: ViewMemory;
  #buffer: ArrayBufferLike;
  #end = HEAP_HEADER_BYTES;

  /** @param view the memory as a buffer of another kind, where a library takes no SharedArrayBuffer. Default: as it is */
  constructor(view: ViewMemory = ({ buffer }) => buffer) {
    this.#view = view;
    this.#buffer = view(this.memory);
  }

  /** Zeros. */
  floats(length: number): HeapArray {
    const address = this.reserve(length * Float32Array.BYTES_PER_ELEMENT);
    return { address, data: new Float32Array(this.#buffer, address, length).fill(0) };
  }

  /** Zeros. */
  bytes(length: number): HeapArray<Uint8Array> {
    const address = this.reserve(length);
    return { address, data: new Uint8Array(this.#buffer, address, length).fill(0) };
  }

  /** The address of so many bytes, not initialised. */
  reserve(bytes: number): number {
    const address = this.#end;
    const end = Math.ceil((address + bytes) / ALIGNMENT) * ALIGNMENT;
    const pages = Math.ceil(end / PAGE_BYTES);
    assertArgument(
      pages <= MAX_PAGES,
      `This model and batch need more than 4 GB of memory for ${(end / 2 ** 30).toFixed(1)} GB of arrays. Use smaller batches, images or layers.`,
    );
    this.#grow(pages);
    this.#end = end;
    return address;
  }

  /** What {@link release} takes to free all that is allocated from now on. */
  mark(): number {
    return this.#end;
  }

  release(mark: number): void {
    this.#end = mark;
  }

  #grow(pages: number): void {
    const missing = pages - this.memory.buffer.byteLength / PAGE_BYTES;
    if (missing <= 0) return;
    this.memory.grow(missing);
    this.#buffer = this.#view(this.memory);
  }
}
