import { type ConvolutionShape, FLOAT, TILE_SIDE, type Tiling } from './tiling';

/** Part of an image: some rows of its tiles. */
export interface Strip {
  readonly image: number;
  readonly firstTileRow: number;
  readonly tileRows: number;
}

export function countStrips({ count }: ConvolutionShape, { stripsPerImage }: Tiling): number {
  return count * stripsPerImage;
}

/** The strip with a number below {@link countStrips}. */
export function stripAt(index: number, { stripsPerImage, stripRows, tileRows }: Tiling): Strip {
  const image = Math.floor(index / stripsPerImage);
  const firstTileRow = (index % stripsPerImage) * stripRows;
  return { image, firstTileRow, tileRows: Math.min(stripRows, tileRows - firstTileRow) };
}

/** How images lie in a tensor and their strips in the threads' memory: as whole tiles, with or without a border of one pixel. */
export interface StripLayout {
  readonly height: number;
  /** Bytes of a row of the image. */
  readonly rowBytes: number;
  /** Bytes of a row of the strip, and from its beginning to the image's first pixel. */
  readonly stripRowBytes: number;
  readonly indent: number;
  /** Rows of pixels above and below the tiles. */
  readonly border: 0 | 1;
  /** Rows of pixels that a tile has: half as many where the strip's maxima are kept. */
  readonly tileSide: number;
}

/** @param pooled whether of 2 × 2 pixels only the maximum is there; an odd size loses its last row and column */
export function layOutStrips(
  { height, width }: ConvolutionShape,
  { tileColumns }: Tiling,
  channels: number,
  border: 0 | 1,
  pooled = false,
): StripLayout {
  const pixelBytes = channels * FLOAT;
  const [divisor, tileSide] = pooled ? [2, TILE_SIDE / 2] : [1, TILE_SIDE];
  return {
    height: Math.floor(height / divisor),
    rowBytes: Math.floor(width / divisor) * pixelBytes,
    stripRowBytes: (tileColumns * tileSide + 2 * border) * pixelBytes,
    indent: border * pixelBytes,
    border,
    tileSide,
  };
}

/**
 * Calls `copy` for every row of a strip that is in its image, and `clear` for every other one, with the row's place in the
 * tensor and in the strip, in bytes.
 */
export function forEachRow(
  { image, firstTileRow, tileRows }: Strip,
  { height, rowBytes, stripRowBytes, indent, border, tileSide }: StripLayout,
  copy: (inTensor: number, inStrip: number, bytes: number) => void,
  clear: (inStrip: number, bytes: number) => void,
): void {
  const first = firstTileRow * tileSide - border;
  for (let row = 0; row < tileRows * tileSide + 2 * border; row++) {
    const y = first + row;
    const inStrip = row * stripRowBytes + indent;
    if (y < 0 || y >= height) clear(inStrip, rowBytes);
    else copy((image * height + y) * rowBytes, inStrip, rowBytes);
  }
}
