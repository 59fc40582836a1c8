import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabelledImages } from '@dlcmp/contract';
import { fileBehind } from '../run/image-file';

/** Where pixels lie that a peer is to read. */
export interface PixelSource {
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
  async emptyPath(name: string): Promise<string> {
    const path = this.path(name);
    await rm(path, { force: true });
    return path;
  }

  /** Writes `array` as it lies in memory (little-endian) and returns the file's path. */
  async write(name: string, array: Uint8Array | Uint32Array | Int32Array): Promise<string> {
    const path = this.path(name);
    await writeFile(path, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return path;
  }

  /** The decoded images' own file where `pixels` were read from one, else a copy for `purpose`. */
  async pixels(pixels: Uint8Array, count: number, purpose: string): Promise<PixelSource> {
    const source = fileBehind(pixels);
    if (source) return { ...source, count };
    return { path: await this.write(`${purpose}-pixels`, pixels), offset: 0, count };
  }

  /** Files that stay as they are until the next images for the same purpose. */
  async images({ pixels, labels, count }: LabelledImages, purpose: string) {
    return {
      pixels: await this.pixels(pixels, count, purpose),
      labels: await this.write(`${purpose}-labels`, labels),
    };
  }

  /** The float32 values in a file that a peer wrote. */
  async readFloats(path: string): Promise<Float32Array> {
    const bytes = await readFile(path);
    const whole = bytes.length - (bytes.length % Float32Array.BYTES_PER_ELEMENT);
    return new Float32Array(new Uint8Array(bytes.subarray(0, whole)).buffer);
  }

  remove(): Promise<void> {
    return rm(this.#directory, { recursive: true, force: true });
  }
}
