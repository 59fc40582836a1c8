import type { BlockLayout } from './sizes';

const TAPS = 9;

/** Row of the convolution's output by place: the first of each pooling square, then the second, … -1 where pooling loses it. */
function rowOf({ pooledHeight, pooledWidth, pooledPlaces }: BlockLayout, i: number, j: number) {
  const [row, column] = [i >> 1, j >> 1];
  if (row >= pooledHeight || column >= pooledWidth) return -1;
  return ((i & 1) * 2 + (j & 1)) * pooledPlaces + row * pooledWidth + column;
}

/**
 * [4·pooledPlaces, 9]: for each row of the convolution's output the places that its 3×3 neighbourhood lies at, `places`
 * where that is outside the image.
 */
export function neighbourIndices(block: BlockLayout): Int32Array {
  const { height, width, places, pooledPlaces } = block;
  const indices = new Int32Array(4 * pooledPlaces * TAPS);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const row = rowOf(block, i, j);
      if (row < 0) continue;
      for (let tap = 0; tap < TAPS; tap++) {
        const [y, x] = [i + Math.floor(tap / 3) - 1, j + (tap % 3) - 1];
        const inside = y >= 0 && y < height && x >= 0 && x < width;
        indices[row * TAPS + tap] = inside ? y * width + x : places;
      }
    }
  }
  return indices;
}

/** [places]: the row of the convolution's output at each place, `4·pooledPlaces` where pooling loses it. */
export function rowIndices(block: BlockLayout): Int32Array {
  const { width, places, pooledPlaces } = block;
  return Int32Array.from({ length: places }, (_, place) => {
    const row = rowOf(block, Math.floor(place / width), place % width);
    return row < 0 ? 4 * pooledPlaces : row;
  });
}
