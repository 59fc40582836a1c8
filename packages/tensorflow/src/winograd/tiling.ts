/** A convolution 3×3 with stride 1 and a padding of 1 on every side: as many pixels come out as go in. */
export interface ConvolutionShape {
  /** Images. */
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Channels of the images, and of the results. */
  readonly inputs: number;
  readonly outputs: number;
}

/** How a convolution is cut up: tiles of 4×4 results, strips of so many rows of tiles, which a thread computes at a time. */
export interface Tiling {
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Rows of tiles in a strip; in an image's last one there may be fewer. */
  readonly stripRows: number;
  readonly stripsPerImage: number;
}

/** Results along each side of a tile. */
export const TILE_SIDE = 4;

/** Products that make a tile. */
export const POSITIONS = 36;

export const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/**
 * Bytes that a strip's matrices should take, so that they stay in the cache of the core that computes with them, and the
 * products are large enough to be fast.
 */
const STRIP_BYTES = 2 ** 22;

/** Strips for each thread, at least, so that none has to wait long for the others. */
const STRIPS_PER_THREAD = 4;

/** Cuts a convolution up for so many threads. */
export function tile(shape: ConvolutionShape, threads: number): Tiling {
  const { count, height, width, inputs, outputs } = shape;
  const tileRows = Math.ceil(height / TILE_SIDE);
  const tileColumns = Math.ceil(width / TILE_SIDE);
  const rowBytes = POSITIONS * tileColumns * (inputs + outputs) * FLOAT;
  const rowsInCache = Math.max(1, Math.floor(STRIP_BYTES / rowBytes));
  const rowsForAll = Math.ceil((tileRows * count) / (threads * STRIPS_PER_THREAD));
  const stripsPerImage = Math.ceil(tileRows / Math.min(rowsInCache, rowsForAll));
  return {
    tileRows,
    tileColumns,
    stripRows: Math.ceil(tileRows / stripsPerImage),
    stripsPerImage,
  };
}

/** Where in the shared memory a thread keeps what it computes with, in bytes. */
export interface ThreadLayout {
  readonly scratch: number;
  /** One value for each result's channel. */
  readonly bias: number;
  /** A strip of the images, with a border of one pixel. */
  readonly images: number;
  /** A strip of the results, or of their gradients. */
  readonly results: number;
  /** Matrices [position][tile][channel] of the images, and of the results or their gradients. */
  readonly imageMatrices: number;
  readonly resultMatrices: number;
  /** A strip's part of the filters' gradients [position][input][output], and the sum of the strips'. */
  readonly product: number;
  readonly sum: number;
  /** Size of a thread's share. */
  readonly bytes: number;
}

/** TensorFlow computes in place with what begins at a multiple of that. */
const ALIGNMENT = 64;

const SCRATCH_BYTES = 1024;

/**
 * What a thread needs for a convolution, or with `forFilters` for its filters' gradients.
 *
 * @param start where its share begins. Default: 0
 */
export function layOut(
  { inputs, outputs }: ConvolutionShape,
  { stripRows, tileColumns }: Tiling,
  forFilters: boolean,
  start = 0,
): ThreadLayout {
  let end = start;
  const take = (floats: number) => {
    const at = end;
    end += Math.ceil((floats * FLOAT) / ALIGNMENT) * ALIGNMENT;
    return at;
  };
  const rows = stripRows * TILE_SIDE;
  const columns = tileColumns * TILE_SIDE;
  const tiles = stripRows * tileColumns;
  const filters = forFilters ? POSITIONS * inputs * outputs : 0;
  return {
    scratch: take(SCRATCH_BYTES / FLOAT),
    bias: take(outputs),
    images: take((rows + 2) * (columns + 2) * inputs),
    results: take(rows * columns * outputs),
    imageMatrices: take(POSITIONS * tiles * inputs),
    resultMatrices: take(POSITIONS * tiles * outputs),
    product: take(filters),
    sum: take(filters),
    bytes: end - start,
  };
}
