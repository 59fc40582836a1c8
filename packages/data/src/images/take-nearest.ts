import type { RgbImage } from './rgb-image';

/** Each pixel that whose middle it falls on, as Pillow's `NEAREST` has it. */
export function takeNearest(image: RgbImage, width: number, height: number): RgbImage {
  const columns = nearestPlaces(image.width, width);
  const pixels = new Uint8Array(width * height * 3);
  let to = 0;
  for (const row of nearestPlaces(image.height, height)) {
    for (const column of columns) {
      const from = (row * image.width + column) * 3;
      pixels[to++] = image.pixels[from] as number;
      pixels[to++] = image.pixels[from + 1] as number;
      pixels[to++] = image.pixels[from + 2] as number;
    }
  }
  return { pixels, width, height };
}

/** Pillow adds up the steps, so that what rounding makes of a middle between two pixels is the same. */
function nearestPlaces(before: number, after: number): Int32Array {
  const step = before / after;
  let middle = step * 0.5;
  return Int32Array.from({ length: after }, () => {
    const place = Math.min(Math.trunc(middle), before - 1);
    middle += step;
    return place;
  });
}
