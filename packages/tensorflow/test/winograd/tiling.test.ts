import { describe, expect, it } from '@jest/globals';
import { countStrips, stripAt } from '../../src/winograd/strips';
import { type ConvolutionShape, layOut, tile } from '../../src/winograd/tiling';

const SHAPES: readonly ConvolutionShape[] = [
  { count: 32, height: 75, width: 75, inputs: 32, outputs: 64 },
  { count: 1, height: 37, width: 37, inputs: 64, outputs: 128 },
  { count: 3, height: 1, width: 2, inputs: 16, outputs: 16 },
  { count: 2, height: 1030, width: 2050, inputs: 256, outputs: 512 },
];

describe.each(SHAPES)('$count images of $height × $width', (shape) => {
  it.each([1, 2, 16])('every row of tiles is in one strip, for %i threads', (threads) => {
    const tiling = tile(shape, threads);
    const rows = Array.from({ length: countStrips(shape, tiling) }, (_, index) =>
      stripAt(index, tiling),
    ).flatMap(({ image, firstTileRow, tileRows }) =>
      Array.from({ length: tileRows }, (_, row) => image * tiling.tileRows + firstTileRow + row),
    );
    const all = Array.from({ length: shape.count * Math.ceil(shape.height / 4) }, (_, row) => row);
    expect(rows).toEqual(all);
  });

  it.each([false, true])("a thread's things begin where TensorFlow wants them (%s)", (filters) => {
    const { bytes, ...places } = layOut(shape, tile(shape, 2), filters, 64);
    const starts = Object.values(places);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect([...starts, bytes].map((start) => start % 64)).toEqual([...starts, 0].map(() => 0));
    expect(places.sum).toBeLessThanOrEqual(64 + bytes);
  });
});
