/** One decoded image: rows of RGB bytes. */
export interface RgbImage {
  /** [height × width × 3] */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}
