import { PNG } from 'pngjs';

export interface PngImage {
  readonly width: number;
  readonly height: number;
  /** [height × width × 4] bytes: RGBA. */
  readonly data: Uint8Array;
}

export function decodePng(png: Uint8Array): PngImage {
  return PNG.sync.read(Buffer.from(png));
}

/** How many pixels of each column are exactly of `color`, given as `#rrggbb`. */
export function countByColumn({ width, data }: PngImage, color: string): Uint32Array {
  const wanted = Number.parseInt(color.slice(1), 16);
  const columns = new Uint32Array(width);
  for (let i = 0; i < data.length; i += 4) {
    const rgb = data[i]! * 65536 + data[i + 1]! * 256 + data[i + 2]!;
    if (rgb === wanted) columns[(i / 4) % width]!++;
  }
  return columns;
}

/** How many pixels are exactly of `color`, given as `#rrggbb`. */
export function countPixels(image: PngImage, color: string): number {
  return countByColumn(image, color).reduce((sum, count) => sum + count, 0);
}
