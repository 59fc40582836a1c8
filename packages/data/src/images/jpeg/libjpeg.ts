import { compiledLoops } from '../compiled-loops';
import type { RgbImage } from '../rgb-image';

/** The part of libjpeg-turbo's TurboJPEG interface, version 2, that the package @cwasm/jpeg-turbo exports. */
interface TurboJpeg {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(at: number): void;
  tjInitDecompress(): number;
  /** Width, height, subsampling and colour space go to where the last four arguments point. */
  tjDecompressHeader3(
    handle: number,
    jpeg: number,
    bytes: number,
    width: number,
    height: number,
    subsampling: number,
    colourSpace: number,
  ): number;
  /** Answers 0, or -1 after an error and after a warning. */
  tjDecompress2(
    handle: number,
    jpeg: number,
    bytes: number,
    pixels: number,
    width: number,
    rowBytes: number,
    height: number,
    format: number,
    flags: number,
  ): number;
}

interface Decoder {
  readonly library: TurboJpeg;
  readonly handle: number;
}

/** Red, green and blue in this order (`TJPF_RGB`). */
const RGB = 0;
/** Accurate transform and smooth upsampling: libjpeg's, and Pillow's, defaults. */
const NO_FLAGS = 0;

/** WebAssembly's memory never shrinks: after a larger image it begins anew. */
const KEPT_BYTES = 64 * 1024 * 1024;

let kept: Decoder | undefined;

/**
 * The pixels of a JPEG of one or three components, not turned, by libjpeg-turbo as WebAssembly, as Pillow decodes it. For an image of
 * a data set it takes half of what sharp's pipeline does.
 *
 * @param use is given the image, whose memory is the decoder's: it is the caller's until `use` returns
 * @returns what `use` does; undefined where libjpeg has anything to say against the file
 */
export function decodeByLibjpeg<Result>(
  bytes: Buffer,
  use: (image: RgbImage) => Result,
): Result | undefined {
  kept ??= createDecoder();
  const decoder = kept;
  const { library } = decoder;
  let decoded: Decoded | undefined;
  try {
    decoded = decode(decoder, bytes);
  } catch {
    // It gave up in the middle, as it does at errors: nothing is known of its memory.
    kept = undefined;
    return undefined;
  }
  try {
    return decoded.image && use(decoded.image);
  } finally {
    for (const at of decoded.allocated) library.free(at);
    if (library.memory.buffer.byteLength > KEPT_BYTES) kept = undefined;
  }
}

interface Decoded {
  readonly image: RgbImage | undefined;
  /** Where the library's memory was taken for it. */
  readonly allocated: readonly number[];
}

function decode({ library, handle }: Decoder, jpeg: Buffer): Decoded {
  const { memory } = library;
  const jpegAt = library.malloc(jpeg.length);
  const headerAt = library.malloc(16);
  new Uint8Array(memory.buffer).set(jpeg, jpegAt);
  const [width, height] = readSize(library, handle, jpegAt, jpeg.length, headerAt);
  const length = width * height * 3;
  const pixelsAt = library.malloc(length);
  const allocated = [pixelsAt, headerAt, jpegAt];
  const outcome = library.tjDecompress2(
    handle,
    jpegAt,
    jpeg.length,
    pixelsAt,
    width,
    0,
    height,
    RGB,
    NO_FLAGS,
  );
  if (outcome !== 0) return { image: undefined, allocated };
  return {
    image: { pixels: new Uint8Array(memory.buffer, pixelsAt, length), width, height },
    allocated,
  };
}

function readSize(
  library: TurboJpeg,
  handle: number,
  jpegAt: number,
  bytes: number,
  headerAt: number,
): [width: number, height: number] {
  const outcome = library.tjDecompressHeader3(
    handle,
    jpegAt,
    bytes,
    headerAt,
    headerAt + 4,
    headerAt + 8,
    headerAt + 12,
  );
  if (outcome !== 0) return [0, 0];
  const fields = new Int32Array(library.memory.buffer, headerAt, 2);
  return [fields[0] as number, fields[1] as number];
}

function createDecoder(): Decoder {
  // Written for a system's interface, of which libjpeg asks nothing when it decodes from memory.
  const refuse = () => {
    throw new Error('libjpeg cannot go on.');
  };
  const { exports } = new WebAssembly.Instance(compiledLoops().libjpeg, {
    env: { setjmp: () => 0, longjmp: refuse },
    wasi_snapshot_preview1: {
      environ_sizes_get: () => 0,
      environ_get: refuse,
      proc_exit: refuse,
      fd_close: refuse,
      fd_seek: refuse,
      fd_write: refuse,
    },
  });
  const library = exports as unknown as TurboJpeg;
  return { library, handle: library.tjInitDecompress() };
}
