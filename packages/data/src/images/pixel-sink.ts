import type { FileHandle } from 'node:fs/promises';
import { DlcmpError } from '@dlcmp/contract';
import type { TargetSize } from './pixel-target';

/** Takes decoded images, in any order. */
export interface PixelSink {
  /** Puts one or more images at their places, from the place of the `first` on. */
  write(first: number, pixels: Uint8Array): Promise<void>;
  /** Once, at the end: closes the gaps of the images at these places, which ascend. */
  leaveOut(places: readonly number[]): Promise<void>;
}

/** Pixels in memory. */
export class MemorySink implements PixelSink {
  readonly #bytesPerImage: number;
  #pixels: Uint8Array;

  /** @throws `INVALID_DATA` where they would not fit in memory */
  constructor(count: number, size: TargetSize) {
    this.#bytesPerImage = size.height * size.width * 3;
    this.#pixels = allocatePixels(count, size);
  }

  /** [images × height × width × 3] */
  get pixels(): Uint8Array {
    return this.#pixels;
  }

  async write(first: number, pixels: Uint8Array): Promise<void> {
    this.#pixels.set(pixels, first * this.#bytesPerImage);
  }

  async leaveOut(places: readonly number[]): Promise<void> {
    const bytes = this.#bytesPerImage;
    const count = this.#pixels.length / bytes;
    for (const { from, to, length } of movesOver(places, count)) {
      this.#pixels.copyWithin(to * bytes, from * bytes, (from + length) * bytes);
    }
    this.#pixels = this.#pixels.subarray(0, (count - places.length) * bytes);
  }
}

/** Pixels in a file, of which memory holds no more than a chunk. */
export class FileSink implements PixelSink {
  readonly #file: FileHandle;
  readonly #count: number;
  readonly #bytesPerImage: number;

  constructor(file: FileHandle, count: number, { height, width }: TargetSize) {
    this.#file = file;
    this.#count = count;
    this.#bytesPerImage = height * width * 3;
  }

  async write(first: number, pixels: Uint8Array): Promise<void> {
    let position = first * this.#bytesPerImage;
    for (let done = 0; done < pixels.length; ) {
      const { bytesWritten } = await this.#file.write(pixels, done, pixels.length - done, position);
      done += bytesWritten;
      position += bytesWritten;
    }
  }

  async leaveOut(places: readonly number[]): Promise<void> {
    const image = new Uint8Array(this.#bytesPerImage);
    for (const { from, to, length } of movesOver(places, this.#count)) {
      for (let moved = 0; moved < length; moved++) {
        await this.#file.read(image, 0, image.length, (from + moved) * image.length);
        await this.write(to + moved, image);
      }
    }
    await this.#file.truncate((this.#count - places.length) * this.#bytesPerImage);
  }
}

/** Which runs of images move forward, and where to, so that none of `places` is left. */
function* movesOver(places: readonly number[], count: number) {
  for (const [gaps, place] of places.entries()) {
    const from = place + 1;
    const end = places[gaps + 1] ?? count;
    yield { from, to: from - gaps - 1, length: end - from };
  }
}

/** @throws `INVALID_DATA` where the pixels would not fit in memory */
export function allocatePixels(count: number, { height, width }: TargetSize): Uint8Array {
  const bytes = count * height * width * 3;
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new DlcmpError(
      'INVALID_DATA',
      `${count} images of ${width}×${height} take ${(bytes / 1e9).toFixed(1)} GB, more than can be had in memory. Take fewer images or a smaller size, or leave them in the cache's file (openImages).`,
      { cause },
    );
  }
}
