import type { RgbImage } from './rgb-image';

/** How an image is read to be upright: from its last column or row on, and columns as rows. */
interface Turn {
  readonly mirrored?: boolean;
  readonly upsideDown?: boolean;
  readonly swapped?: boolean;
}

/** By EXIF's orientation (JEITA CP-3451, 4.6.4), of the stored image. */
const TURNS: Readonly<Record<number, Turn>> = {
  2: { mirrored: true },
  3: { mirrored: true, upsideDown: true },
  4: { upsideDown: true },
  5: { swapped: true },
  6: { swapped: true, upsideDown: true },
  7: { swapped: true, mirrored: true, upsideDown: true },
  8: { swapped: true, mirrored: true },
};

/** The image that a camera meant, whose `orientation` was 1 (upright) to 8. */
export function turnUpright(image: RgbImage, orientation: number): RgbImage {
  const turn = TURNS[orientation];
  if (!turn) return image;
  const { width: storedWidth, height: storedHeight } = image;
  const [width, height] = turn.swapped ? [storedHeight, storedWidth] : [storedWidth, storedHeight];
  const pixels = new Uint8Array(image.pixels.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = turn.swapped ? [y, x] : [x, y];
      const storedColumn = turn.mirrored ? storedWidth - 1 - column : column;
      const storedRow = turn.upsideDown ? storedHeight - 1 - row : row;
      const from = (storedRow * storedWidth + storedColumn) * 3;
      pixels[to++] = image.pixels[from] as number;
      pixels[to++] = image.pixels[from + 1] as number;
      pixels[to++] = image.pixels[from + 2] as number;
    }
  }
  return { pixels, width, height };
}
