import { Transform } from './transform';

/*
 * {@link Transform} along both axes of one tile, of four channels: 6×6 pixels and 4×4 outputs, or as many matrices' places
 * for the 36 positions, `matrixBytes` apart.
 */

export const VECTOR: usize = 16;
/** Pixels along a side of a tile, and so positions. */
export const TILE: usize = 6;
/** Outputs along a side of a tile. */
export const OUTPUTS: usize = 4;

// biome-ignore lint/complexity/noStaticOnlyClass: TypeScript's syntax has no decorators of functions.
export class Tile {
  /** matrix = Bᵀ d B. `scratch` takes 36 vectors. */
  @inline
  static input(
    tile: usize,
    rowBytes: usize,
    pixelBytes: usize,
    matrix: usize,
    matrixBytes: usize,
    scratch: usize,
  ): void {
    for (let x: usize = 0; x < TILE; x++) {
      Transform.input(tile + x * pixelBytes, rowBytes, scratch + x * VECTOR, TILE * VECTOR);
    }
    for (let y: usize = 0; y < TILE; y++) {
      const to = matrix + y * TILE * matrixBytes;
      Transform.input(scratch + y * TILE * VECTOR, VECTOR, to, matrixBytes);
    }
  }

  /** The columns of Aᵀ m, 4×6 vectors; {@link Transform.output} of each row makes them Aᵀ m A. */
  @inline
  static outputColumns(matrix: usize, matrixBytes: usize, columns: usize): void {
    for (let x: usize = 0; x < TILE; x++) {
      const from = matrix + x * matrixBytes;
      Transform.output(from, TILE * matrixBytes, columns + x * VECTOR, TILE * VECTOR);
    }
  }

  /** The tile = Aᵀ m A, 4×4 vectors. `columns` takes 24 vectors. */
  @inline
  static output(matrix: usize, matrixBytes: usize, tile: usize, columns: usize): void {
    Tile.outputColumns(matrix, matrixBytes, columns);
    for (let y: usize = 0; y < OUTPUTS; y++) {
      const from = columns + y * TILE * VECTOR;
      Transform.output(from, VECTOR, tile + y * OUTPUTS * VECTOR, VECTOR);
    }
  }

  /** matrix = A ∂y Aᵀ. `columns` takes 24 vectors. */
  @inline
  static outputGradient(
    tile: usize,
    rowBytes: usize,
    pixelBytes: usize,
    matrix: usize,
    matrixBytes: usize,
    columns: usize,
  ): void {
    for (let x: usize = 0; x < OUTPUTS; x++) {
      const from = tile + x * pixelBytes;
      Transform.outputGradient(from, rowBytes, columns + x * VECTOR, OUTPUTS * VECTOR);
    }
    for (let y: usize = 0; y < TILE; y++) {
      const to = matrix + y * TILE * matrixBytes;
      Transform.outputGradient(columns + y * OUTPUTS * VECTOR, VECTOR, to, matrixBytes);
    }
  }

  /** The columns of B ∂v, 6×6 vectors; {@link Transform.inputGradient} of each row makes them B ∂v Bᵀ. */
  @inline
  static inputGradientColumns(matrix: usize, matrixBytes: usize, columns: usize): void {
    for (let x: usize = 0; x < TILE; x++) {
      const from = matrix + x * matrixBytes;
      Transform.inputGradient(from, TILE * matrixBytes, columns + x * VECTOR, TILE * VECTOR);
    }
  }
}
