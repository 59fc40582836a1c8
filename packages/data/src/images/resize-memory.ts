import { compiledLoops } from './compiled-loops';

/** What `assembly/` exports. */
interface ResizeExports {
  readonly memory: WebAssembly.Memory;
  resizeRows(
    from: number,
    to: number,
    height: number,
    before: number,
    width: number,
    first: number,
    count: number,
    weights: number,
    most: number,
  ): void;
  resizeColumns(
    from: number,
    to: number,
    rowBytes: number,
    height: number,
    first: number,
    count: number,
    weights: number,
    most: number,
  ): void;
}

/** Memory of the loops for one image, filled from its beginning on. */
export interface ResizeMemory {
  readonly loops: ResizeExports;
  /** Copies `array` there and tells where it lies. */
  readonly put: (array: Uint8Array | Int32Array) => number;
  /** Where the next `bytes` lie. */
  readonly room: (bytes: number) => number;
  /** A copy of `bytes` from `at` on. */
  readonly take: (at: number, bytes: number) => Uint8Array;
}

const PAGE_BYTES = 65_536;
/** WebAssembly's memory never shrinks: after a larger image it begins anew. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** Every array begins at a multiple of a vector's bytes; what is read behind its end is there. */
const ALIGNMENT = 16;
/** Pixels, two tables of three arrays, two results. */
const ARRAYS = 9;

let kept: ResizeExports | undefined;

/** Memory of at least `bytes`, which is the caller's until the next call. */
export function resizeMemory(bytes: number): ResizeMemory {
  const loops = kept ?? instantiate();
  const { memory } = loops;
  const missing = bytes + (ARRAYS + 1) * ALIGNMENT - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  const { buffer } = memory;
  kept = buffer.byteLength > KEPT_BYTES ? undefined : loops;
  let used = 0;
  const room = (wanted: number) => {
    const at = used;
    used += Math.ceil((wanted + 1) / ALIGNMENT) * ALIGNMENT;
    return at;
  };
  return {
    loops,
    room,
    put: (array) => {
      const at = room(array.byteLength);
      const bytesOf = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      new Uint8Array(buffer).set(bytesOf, at);
      return at;
    },
    take: (at, length) => new Uint8Array(buffer, at, length).slice(),
  };
}

function instantiate(): ResizeExports {
  return new WebAssembly.Instance(compiledLoops().resize).exports as unknown as ResizeExports;
}
