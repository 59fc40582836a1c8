import type { ImageModel } from '@dlcmp/contract';
import { type ImageFile, loadUnlabelled } from '@dlcmp/data';
import type { Treatment } from '../answers/treatment';

/** What decides the pixels that come of an image. */
type PixelRule = Pick<ImageModel, 'inputHeight' | 'inputWidth' | 'resize'> &
  Pick<Treatment, 'orientation'>;

/** Images that are decoded for models of several sizes and rules, each once. */
export class ImageFiles {
  readonly files: readonly ImageFile[];
  readonly #decoded = new Map<string, Promise<Uint8Array>>();
  readonly #first = new Map<number, ImageFiles>();

  constructor(files: readonly ImageFile[]) {
    this.files = files;
  }

  get count(): number {
    return this.files.length;
  }

  /** The first `count`, decoded apart from the others. */
  first(count: number): ImageFiles {
    if (count >= this.count) return this;
    const known = this.#first.get(count) ?? new ImageFiles(this.files.slice(0, count));
    this.#first.set(count, known);
    return known;
  }

  /**
   * Bytes of all images: batch, height, width, RGB.
   *
   * @throws `INVALID_DATA` listing files that cannot be read
   */
  pixels({ inputHeight, inputWidth, resize, orientation }: PixelRule): Promise<Uint8Array> {
    const key = JSON.stringify([inputHeight, inputWidth, resize, orientation]);
    const known = this.#decoded.get(key);
    if (known) return known;
    const decoded = loadUnlabelled(
      this.files.map(({ path }) => path),
      { height: inputHeight, width: inputWidth, resize, orientation },
    ).then(({ pixels }) => pixels);
    this.#decoded.set(key, decoded);
    return decoded;
  }

  /** As {@link pixels}, by what a treatment says. */
  pixelsOf({ model, orientation }: Treatment): Promise<Uint8Array> {
    const { inputHeight, inputWidth, resize } = model;
    return this.pixels({ inputHeight, inputWidth, resize, orientation });
  }
}
