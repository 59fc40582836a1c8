import { assertArgument, createGenerator, permutation } from '@dlcmp/bench-core/contract';
import { type Dataset, groupByLabel, type LabelledFile } from '../dataset/dataset';
import { BadImage, orBadImage } from '../images/bad-image';
import { decodeImage, resizeImage } from '../images/decode-image';
import { loadSharp } from '../images/load-sharp';
import { readImageFile } from '../images/read-image-file';

export interface SampleGridOptions {
  /** Images of each class. Default 8. */
  readonly perClass?: number;
  /** Chooses the images. Default 1. */
  readonly seed?: number;
  /** Side of an image in the grid, in pixels. Default 96. */
  readonly tile?: number;
  /** Between images and around them, in pixels. Default 4. */
  readonly gap?: number;
}

/** Where one image stands in the grid, in pixels from its top left corner. */
export interface GridTile extends LabelledFile {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** A picture of sample images, one row a class; a caller writes the classes' names beside it. */
export interface SampleGrid {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
  readonly tiles: readonly GridTile[];
}

/**
 * Draws `perClass` training images of each class, chosen by `seed`, on white. Images that cannot be
 * decoded are passed over; a class with fewer images has a shorter row.
 *
 * @throws `INVALID_ARGUMENT`, `FRAMEWORK_MISSING`
 */
export async function sampleGrid(
  dataset: Dataset,
  options: SampleGridOptions = {},
): Promise<SampleGrid> {
  const { perClass = 8, seed = 1, tile = 96, gap = 4 } = options;
  for (const [name, value] of Object.entries({ perClass, tile })) {
    assertArgument(
      Number.isInteger(value) && value >= 1,
      `${name} must be a whole number ≥ 1, not ${value}.`,
    );
  }
  const rows = groupByLabel(dataset.train, dataset.classNames.length);
  const width = gap + perClass * (tile + gap);
  const height = gap + rows.length * (tile + gap);
  const drawn = await Promise.all(
    rows.map(async (files, row) => {
      const order = permutation(createGenerator(seed, 'sample-grid', row), files.length);
      const shuffled = Array.from(order, (index) => files[index] as LabelledFile);
      const images = await decodeSome(shuffled, perClass, tile);
      return images.map(({ file, pixels }, column) => ({
        tile: {
          ...file,
          left: gap + column * (tile + gap),
          top: gap + row * (tile + gap),
          side: tile,
        },
        pixels,
      }));
    }),
  );
  const sharp = await loadSharp();
  const canvas = sharp({ create: { width, height, channels: 3, background: '#ffffff' } });
  const raw = { width: tile, height: tile, channels: 3 } as const;
  const overlays = drawn
    .flat()
    .map(({ tile: { left, top }, pixels }) => ({ input: pixels, raw, left, top }));
  const png = await canvas.composite(overlays).png().toBuffer();
  return { png, width, height, tiles: drawn.flat().map(({ tile: place }) => place) };
}

async function decodeSome(files: readonly LabelledFile[], count: number, side: number) {
  const images: { file: LabelledFile; pixels: Buffer }[] = [];
  for (const file of files) {
    if (images.length === count) break;
    const image = await orBadImage(async () => decodeImage((await readImageFile(file.path)).bytes));
    if (image instanceof BadImage) continue;
    images.push({ file, pixels: (await resizeImage(image, side, side)).pixels });
  }
  return images;
}
