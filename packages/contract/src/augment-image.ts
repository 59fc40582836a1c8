import type { ImageSize } from './images';

/** A part of an image that takes its whole place, and what light does to it. */
export interface ImageChange {
  /** Of the part, in whole pixels. */
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  /** Whether it is mirrored. */
  readonly flip: boolean;
  /** Each value is multiplied by it. */
  readonly brightness: number;
  /** Distances from the image's mean grey are multiplied by it, after the brightness. */
  readonly contrast: number;
}

/** ITU-R BT.601's shares of a colour in its grey, as Pillow and torchvision have them. */
const GREY = [0.299, 0.587, 0.114] as const;

/**
 * Writes `image`, RGB bytes, into `target` as `change` says: its part scaled to the whole size between pixels' centres (bilinear),
 * mirrored, brightened and given another contrast, and rounded once at the end.
 *
 * Source: torchvision's `resized_crop` without antialiasing (a part is never scaled down), `adjust_brightness`, `adjust_contrast`.
 */
export function changeImage(
  image: Uint8Array,
  target: Uint8Array,
  { inputHeight, inputWidth }: ImageSize,
  change: ImageChange,
): void {
  const rows = samples(change.top, change.height, inputHeight);
  const columns = samples(change.left, change.width, inputWidth);
  if (change.flip) columns.reverse();
  const values = new Float32Array(target.length);
  let at = 0;
  let grey = 0;
  for (const row of rows) {
    for (const column of columns) {
      for (let colour = 0; colour < 3; colour++) {
        const above = mixed(image, row.first * inputWidth, column, colour);
        const below = mixed(image, row.second * inputWidth, column, colour);
        const value = bounded((above + (below - above) * row.share) * change.brightness);
        grey += value * (GREY[colour] as number);
        values[at++] = value;
      }
    }
  }
  const mean = grey / (inputHeight * inputWidth);
  for (let i = 0; i < values.length; i++) {
    target[i] = Math.round(bounded(mean + ((values[i] as number) - mean) * change.contrast));
  }
}

/** Two neighbouring pixels along an axis, and the second's share. */
interface Sample {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

/** Where the `count` pixels of a whole side lie within `length` pixels from `start` on. */
function samples(start: number, length: number, count: number): Sample[] {
  return Array.from({ length: count }, (_, at) => {
    const place = Math.min(length - 1, Math.max(0, ((at + 0.5) * length) / count - 0.5));
    const first = Math.floor(place);
    const second = Math.min(first + 1, length - 1);
    return { first: start + first, second: start + second, share: place - first };
  });
}

function mixed(image: Uint8Array, row: number, { first, second, share }: Sample, colour: number) {
  const left = image[(row + first) * 3 + colour] as number;
  const right = image[(row + second) * 3 + colour] as number;
  return left + (right - left) * share;
}

function bounded(value: number): number {
  return Math.min(255, Math.max(0, value));
}
