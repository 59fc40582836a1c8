import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PixelSource, TrainingImages } from '@dlcmp/contract';
import { fileBehind } from '../run/image-file';

/** While pixels are copied from where no other process can read them. */
const IMAGES_AT_ONCE = 64;

/** Where pixels lie that a peer is to read. */
interface PixelsInFile {
  readonly path: string;
  readonly offset: number;
  readonly count: number;
}

/** A folder of raw arrays, through which data reaches a peer and its answers come back. */
export class PeerFiles {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async create(): Promise<PeerFiles> {
    return new PeerFiles(await mkdtemp(join(tmpdir(), 'dlcmp-peer-')));
  }

  path(name: string): string {
    return join(this.#directory, name);
  }

  /** The path of a file that is not there, so that an earlier answer never passes for a new one. */
  emptyPath(name: string): string {
    const path = this.path(name);
    rmSync(path, { force: true });
    return path;
  }

  /** Writes `array` as it lies in memory (little-endian) and returns the file's path. */
  async write(
    name: string,
    array: Uint8Array | Uint32Array | Int32Array | Float64Array,
  ): Promise<string> {
    const path = this.path(name);
    await writeFile(path, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return path;
  }

  /** The decoded images' own file where `pixels` were read from one, else a copy for `purpose`. */
  async pixels(
    pixels: TrainingImages['pixels'],
    count: number,
    purpose: string,
  ): Promise<PixelsInFile> {
    const source = 'read' in pixels ? pixels.file : fileBehind(pixels);
    if (source) return { ...source, count };
    const name = `${purpose}-pixels`;
    const path = 'read' in pixels ? this.#copy(name, pixels) : this.write(name, pixels);
    return { path: await path, offset: 0, count };
  }

  async #copy(name: string, source: PixelSource): Promise<string> {
    const path = this.path(name);
    const file = await open(path, 'w');
    const images = new Uint8Array(IMAGES_AT_ONCE * source.bytesPerImage);
    try {
      for (let first = 0; first < source.count; first += IMAGES_AT_ONCE) {
        const length = Math.min(IMAGES_AT_ONCE, source.count - first);
        source.read(
          Array.from({ length }, (_, index) => first + index),
          images,
        );
        await file.writeFile(images.subarray(0, length * source.bytesPerImage));
      }
    } finally {
      await file.close();
    }
    return path;
  }

  /** Files that stay as they are until the next images for the same purpose. */
  async images({ pixels, labels, count }: TrainingImages, purpose: string) {
    return {
      pixels: await this.pixels(pixels, count, purpose),
      labels: await this.write(`${purpose}-labels`, labels),
    };
  }

  /** The float32 values in a small file that a peer wrote, none where it wrote none: at once, as a wait costs more than the reading. */
  readFloats(path: string): Float32Array {
    if (!existsSync(path)) return new Float32Array(0);
    const bytes = readFileSync(path);
    const whole = bytes.length - (bytes.length % Float32Array.BYTES_PER_ELEMENT);
    return new Float32Array(new Uint8Array(bytes.subarray(0, whole)).buffer);
  }

  remove(): Promise<void> {
    return rm(this.#directory, { recursive: true, force: true });
  }
}
