import type { ResizeFilter } from '@dlcmp/contract';
import { interpolatePixels } from './interpolate-pixels';
import { FILTERS, type Filter, type WeightedFilter } from './resize-filters';
import { type ResizeMemory, resizeMemory } from './resize-memory';
import type { RgbImage } from './rgb-image';
import { takeNearest } from './take-nearest';

/**
 * `image` stretched to exactly `width` × `height`. `bilinear` (the default), `bicubic` and `lanczos` are antialiased: the weights reach as
 * far as the reduction, or as the filter where the image grows. They are computed as Pillow does it (`Image.resize`,
 * `src/libImaging/Resample.c`), in fixed point, rounded to bytes between rows and columns, so that the bytes are Pillow's; where Pillow
 * takes columns first, some differ by 1. torchvision's filters are the same in floating point. `nearest` is Pillow's too.
 * `bilinear-sharp` weighs the two nearest pixels, however far the image shrinks, as OpenCV does it.
 */
export function resizeImage(
  image: RgbImage,
  width: number,
  height: number,
  filter: ResizeFilter = 'bilinear',
): RgbImage {
  if (image.width === width && image.height === height) return image;
  if (filter === 'nearest') return takeNearest(image, width, height);
  if (filter === 'bilinear-sharp') return interpolatePixels(image, width, height);
  const rowTaps = image.width === width ? undefined : tapsOf(image.width, width, filter);
  const columnTaps = image.height === height ? undefined : tapsOf(image.height, height, filter);
  const memory = resizeMemory(bytesFor(image, width, height, rowTaps, columnTaps));
  let at = memory.put(image.pixels);
  if (rowTaps) at = resizeRows(memory, at, image, width, rowTaps);
  if (columnTaps) at = resizeColumns(memory, at, width * 3, height, columnTaps);
  return { pixels: memory.take(at, width * height * 3), width, height };
}

function resizeRows(
  memory: ResizeMemory,
  from: number,
  { width: before, height }: RgbImage,
  width: number,
  { first, count, weights, most }: Taps,
): number {
  const [firstAt, countAt, weightsAt] = [first, count, weights].map(memory.put) as Places;
  const to = memory.room(width * height * 3);
  memory.loops.resizeRows(from, to, height, before, width, firstAt, countAt, weightsAt, most);
  return to;
}

function resizeColumns(
  memory: ResizeMemory,
  from: number,
  rowBytes: number,
  height: number,
  { first, count, weights, most }: Taps,
): number {
  const [firstAt, countAt, weightsAt] = [first, count, weights].map(memory.put) as Places;
  const to = memory.room(rowBytes * height);
  memory.loops.resizeColumns(from, to, rowBytes, height, firstAt, countAt, weightsAt, most);
  return to;
}

type Places = [first: number, count: number, weights: number];

function bytesFor(
  image: RgbImage,
  width: number,
  height: number,
  ...taps: readonly (Taps | undefined)[]
): number {
  const pixels = image.width * image.height + width * image.height + width * height;
  return taps.reduce((sum, each) => sum + (each ? each.weights.byteLength * 3 : 0), pixels * 3);
}

/** What each pixel of one resized side is made of. */
interface Taps {
  /** [size] the first pixel that has a part in it. */
  readonly first: Int32Array;
  /** [size] how many from there on have one. */
  readonly count: Int32Array;
  /** [size × most] their weights in fixed point. */
  readonly weights: Int32Array;
  readonly most: number;
}

/** One in the weights, as in Pillow: a sum of weighted bytes stays below 2³¹. */
const FIXED_POINT_ONE = 2 ** 22;

/** Images of a data set mostly have few sizes, and come to one. */
const KEPT = 16;
const known = new Map<string, Taps>();

function tapsOf(before: number, after: number, filter: WeightedFilter): Taps {
  const key = `${filter} ${before}→${after}`;
  const found = known.get(key);
  if (found) return found;
  if (known.size === KEPT) known.clear();
  const taps = computeTaps(before, after, FILTERS[filter]);
  known.set(key, taps);
  return taps;
}

function computeTaps(before: number, after: number, filter: Filter): Taps {
  const scale = before / after;
  const stretch = Math.max(scale, 1);
  const reach = filter.support * stretch;
  const most = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(after);
  const count = new Int32Array(after);
  const weights = new Int32Array(after * most);
  for (let place = 0; place < after; place++) {
    const centre = (place + 0.5) * scale;
    const start = Math.max(Math.trunc(centre - reach + 0.5), 0);
    const end = Math.min(Math.trunc(centre + reach + 0.5), before);
    const shares = Array.from({ length: end - start }, (_, tap) =>
      filter.weight((tap + start - centre + 0.5) * (1 / stretch)),
    );
    const sum = shares.reduce((total, share) => total + share, 0);
    first[place] = start;
    count[place] = end - start;
    for (const [tap, share] of shares.entries()) {
      const weight = (share / sum) * FIXED_POINT_ONE;
      weights[place * most + tap] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
  }
  return { first, count, weights, most };
}
