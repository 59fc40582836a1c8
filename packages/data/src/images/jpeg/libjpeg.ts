import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RgbImage } from '../rgb-image';

/** The part of the library's class that is used. */
interface JpegDecoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  /** Throws where libjpeg fails, and where it warns. */
  decode(): void;
  getDecodedBuffer(): Uint8ClampedArray;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly componentCount: number;
  };
}

type LoadLibrary = (options: {
  readonly wasmBinary: Uint8Array;
  readonly print: () => void;
  readonly printErr: () => void;
}) => Promise<{ readonly JPEGDecoder: new () => JpegDecoder }>;

/** WebAssembly's memory never shrinks: after a larger image it begins anew. */
const KEPT_BYTES = 64 * 1024 * 1024;

let kept: Promise<JpegDecoder> | undefined;

/**
 * The pixels of a JPEG, not turned, by libjpeg-turbo as WebAssembly (accurate integer DCT, smooth upsampling), as Pillow
 * decodes it. For an image of a data set it takes half of what sharp's pipeline does.
 *
 * @returns undefined where libjpeg has anything to say against the file
 */
export async function decodeByLibjpeg(bytes: Buffer): Promise<RgbImage | undefined> {
  kept ??= createDecoder();
  const decoder = await kept;
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
  } catch (error) {
    // A number is an exception of the library's own; after any other nothing is known of its memory.
    if (typeof error !== 'number') kept = undefined;
    return undefined;
  }
  const { width, height, componentCount } = decoder.getFrameInfo();
  const { buffer, byteOffset, length } = decoder.getDecodedBuffer();
  const decoded = new Uint8Array(buffer, byteOffset, length);
  if (buffer.byteLength > KEPT_BYTES) kept = undefined;
  return { pixels: componentCount === 1 ? greyToRgb(decoded) : decoded.slice(), width, height };
}

async function createDecoder(): Promise<JpegDecoder> {
  const require = createRequire(import.meta.url);
  const load = require('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs') as LoadLibrary;
  const binary = require.resolve('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm');
  const silent = () => {};
  const library = await load({
    wasmBinary: readFileSync(binary),
    print: silent,
    printErr: silent,
  });
  return new library.JPEGDecoder();
}

function greyToRgb(grey: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(grey.length * 3);
  for (let at = 0; at < grey.length; at++) pixels.fill(grey[at] as number, at * 3, at * 3 + 3);
  return pixels;
}
