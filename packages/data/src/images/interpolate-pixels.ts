import type { RgbImage } from './rgb-image';

/** One in the weights. */
const FIXED_POINT_ONE = 2048;

/**
 * `image` stretched by the two nearest pixels of rows and columns, however far it shrinks: OpenCV's `resize` with `INTER_LINEAR`, byte for
 * byte (`modules/imgproc/src/resize.cpp`: weights of 11 bits, no rounding to bytes between rows and columns).
 */
export function interpolatePixels(image: RgbImage, width: number, height: number): RgbImage {
  const columns = columnsOf(image.width, width);
  const rows = neighboursOf(image.height, height);
  const pixels = new Uint8Array(width * height * 3);
  const [upper, lower] = [new Int32Array(width * 3), new Int32Array(width * 3)];
  for (let row = 0; row < height; row++) {
    const { first, second, firstWeight, secondWeight } = rows;
    interpolateRow(image, first[row] as number, columns, upper);
    interpolateRow(image, second[row] as number, columns, lower);
    const [above, below] = [firstWeight[row] as number, secondWeight[row] as number];
    for (let at = 0, to = row * width * 3; at < upper.length; at++, to++) {
      const one = (above * ((upper[at] as number) >> 4)) >> 16;
      const other = (below * ((lower[at] as number) >> 4)) >> 16;
      pixels[to] = (one + other + 2) >> 2;
    }
  }
  return { pixels, width, height };
}

/** The pixels between which each one of a resized side lies, and their weights. */
interface Neighbours {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly firstWeight: Int32Array;
  readonly secondWeight: Int32Array;
}

/** Beyond the border it is the outermost pixel twice. */
function neighboursOf(before: number, after: number): Neighbours {
  const step = 1 / (after / before);
  const places = Float32Array.from({ length: after }, (_, place) => (place + 0.5) * step - 0.5);
  const inside = (place: number) => Math.min(Math.max(place, 0), before - 1);
  const shares = places.map((place) => place - Math.floor(place));
  return {
    first: Int32Array.from(places, (place) => inside(Math.floor(place))),
    second: Int32Array.from(places, (place) => inside(Math.floor(place) + 1)),
    firstWeight: Int32Array.from(shares, (share) => fixedPoint(Math.fround(1 - share))),
    secondWeight: Int32Array.from(shares, fixedPoint),
  };
}

/** OpenCV takes a column at the border whole, and a row in two parts, which are rounded each. */
function columnsOf(before: number, after: number): Neighbours {
  const columns = neighboursOf(before, after);
  const isOutside = (at: number) => columns.first[at] === columns.second[at];
  return {
    ...columns,
    firstWeight: columns.firstWeight.map((weight, at) =>
      isOutside(at) ? FIXED_POINT_ONE : weight,
    ),
    secondWeight: columns.secondWeight.map((weight, at) => (isOutside(at) ? 0 : weight)),
  };
}

/** Halves go to the even side. */
function fixedPoint(share: number): number {
  const value = share * FIXED_POINT_ONE;
  const floor = Math.floor(value);
  const isUp = value - floor > 0.5 || (value - floor === 0.5 && floor % 2 === 1);
  return isUp ? floor + 1 : floor;
}

function interpolateRow(
  { pixels, width }: RgbImage,
  row: number,
  { first, second, firstWeight, secondWeight }: Neighbours,
  result: Int32Array,
): void {
  const start = row * width * 3;
  for (let column = 0, to = 0; column < first.length; column++) {
    const left = start + (first[column] as number) * 3;
    const right = start + (second[column] as number) * 3;
    const [before, after] = [firstWeight[column] as number, secondWeight[column] as number];
    for (let channel = 0; channel < 3; channel++, to++) {
      result[to] =
        (pixels[left + channel] as number) * before + (pixels[right + channel] as number) * after;
    }
  }
}
