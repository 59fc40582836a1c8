import { describe, expect, it } from '@jest/globals';
import { FILTER_TRANSFORM, type HeapArray, KernelPool, SharedHeap } from '../src';

const POSITIONS = 36;
const [HEIGHT, WIDTH, INPUTS, OUTPUTS] = [7, 10, 4, 8] as const;
const [TILE_ROWS, TILE_COLUMNS] = [2, 3] as const;
const TILES = TILE_ROWS * TILE_COLUMNS;

/** The same numbers each time, between -1 and 1. */
function numbers(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin((index + 1) * (seed + 0.7)));
}

/** A convolution 3×3 with padding 1 in float64: images [y][x][c], filters [o][c][3][3]. */
function convolve(images: Float32Array, filters: Float32Array, y: number, x: number, o: number) {
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const [row, column] = [y + i - 1, x + j - 1];
      if (row < 0 || row >= HEIGHT || column < 0 || column >= WIDTH) continue;
      for (let c = 0; c < INPUTS; c++) {
        const pixel = images[(row * WIDTH + column) * INPUTS + c] as number;
        sum += pixel * (filters[(o * INPUTS + c) * 9 + i * 3 + j] as number);
      }
    }
  }
  return sum;
}

/** The products of all positions, by the kernel that multiplies. */
function multiply({ kernels }: KernelPool, heap: SharedHeap, left: HeapArray, right: HeapArray) {
  const products = heap.floats(POSITIONS * TILES * OUTPUTS);
  const panels = heap.floats(INPUTS * OUTPUTS);
  for (let position = 0; position < POSITIONS; position++) {
    kernels.multiply({
      result: products.address + position * TILES * OUTPUTS * 4,
      resultRow: OUTPUTS * 4,
      left: left.address + position * TILES * INPUTS * 4,
      leftRow: INPUTS * 4,
      leftDepth: 4,
      right: right.address + position * INPUTS * OUTPUTS * 4,
      rightDepth: OUTPUTS * 4,
      rightColumn: 4,
      rows: TILES,
      columns: OUTPUTS,
      depth: INPUTS,
      panels: panels.address,
    });
  }
  return products;
}

async function transformed() {
  const heap = new SharedHeap();
  const pool = await KernelPool.create(heap.memory, 1);
  const scratch = heap.floats(256).address;
  const images = numbers(HEIGHT * WIDTH * INPUTS, 1);
  const filters = heap.floats(OUTPUTS * INPUTS * 9);
  filters.data.set(numbers(filters.data.length, 2));
  const rowLength = (TILE_COLUMNS * 4 + 2) * INPUTS;
  const padded = heap.floats((TILE_ROWS * 4 + 2) * rowLength);
  for (let y = 0; y < HEIGHT; y++) {
    const row = images.subarray(y * WIDTH * INPUTS, (y + 1) * WIDTH * INPUTS);
    padded.data.set(row, (y + 1) * rowLength + INPUTS);
  }
  const matrices = heap.floats(POSITIONS * TILES * INPUTS);
  const tiles = { scratch, tileRows: TILE_ROWS, tileColumns: TILE_COLUMNS };
  pool.kernels.transformInputs({
    ...tiles,
    matrices: matrices.address,
    images: padded.address,
    first: 0,
    last: TILE_ROWS,
    channels: INPUTS,
    matrixBytes: TILES * INPUTS * 4,
  });
  const filterMatrices = heap.floats(POSITIONS * INPUTS * OUTPUTS);
  pool.kernels.transformFilters({
    matrices: filterMatrices.address,
    filters: filters.address,
    scratch,
    first: 0,
    last: OUTPUTS,
    inputs: INPUTS,
    paddedInputs: INPUTS,
    paddedOutputs: OUTPUTS,
  });
  const bias = heap.floats(OUTPUTS);
  bias.data.set(numbers(OUTPUTS, 3));
  const products = multiply(pool, heap, matrices, filterMatrices);
  const expected = (y: number, x: number, o: number) =>
    convolve(images, filters.data, y, x, o) + (bias.data[o] as number);
  return {
    filters,
    filterMatrices,
    heap,
    kernels: pool.kernels,
    tiles,
    products,
    bias: bias.address,
    expected,
  };
}

describe('the kernels of F(4×4, 3×3)', () => {
  it('convolve, with a bias and no less than a limit', async () => {
    const { heap, kernels, tiles, products, bias, expected } = await transformed();
    const strip = heap.floats(TILES * 16 * OUTPUTS);
    const matrices = products.address;
    const least = Math.fround(-0.25);
    kernels.writeOutputs({
      ...tiles,
      strip: strip.address,
      matrices,
      bias,
      least,
      channels: OUTPUTS,
    });
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        for (let o = 0; o < OUTPUTS; o++) {
          const found = strip.data[(y * TILE_COLUMNS * 4 + x) * OUTPUTS + o];
          expect(found).toBeCloseTo(Math.max(expected(y, x, o), least), 4);
        }
      }
    }
  });

  it('transform filters as the matrix product does', async () => {
    const { filters, filterMatrices } = await transformed();
    for (let position = 0; position < POSITIONS; position++) {
      for (let o = 0; o < OUTPUTS; o++) {
        const filter = filters.data.subarray(o * INPUTS * 9, o * INPUTS * 9 + 9);
        const row = FILTER_TRANSFORM.subarray(position * 9, position * 9 + 9);
        const product = row.reduce((sum, value, at) => sum + value * (filter[at] as number), 0);
        expect(filterMatrices.data[position * INPUTS * OUTPUTS + o]).toBeCloseTo(product, 6);
      }
    }
  });

  it('pool through ReLU, and tell where the maxima were', async () => {
    const { heap, kernels, tiles, products, bias, expected } = await transformed();
    const [height, width] = [3, 5];
    const rowBytes = width * OUTPUTS * 4;
    const [images, argmax] = [
      heap.floats((height * rowBytes) / 4),
      heap.bytes(height * width * OUTPUTS),
    ];
    kernels.poolOutputs({
      ...tiles,
      images: images.address,
      argmax: argmax.address,
      matrices: products.address,
      bias,
      first: 0,
      last: TILE_ROWS,
      channels: OUTPUTS,
      matrixBytes: TILES * OUTPUTS * 4,
      height,
      width,
      imageBytes: height * rowBytes,
      rowBytes,
    });
    for (let at = 0; at < images.data.length; at++) {
      const [y, x, o] = [
        Math.floor(at / OUTPUTS / width),
        Math.floor(at / OUTPUTS) % width,
        at % OUTPUTS,
      ];
      const window = [0, 1, 2, 3].map((place) =>
        expected(2 * y + (place >> 1), 2 * x + (place & 1), o),
      );
      const largest = Math.max(...window);
      expect(images.data[at]).toBeCloseTo(Math.max(largest, 0), 4);
      expect(argmax.data[at]).toBe(largest > 0 ? window.indexOf(largest) : 4);
    }
  });
});
