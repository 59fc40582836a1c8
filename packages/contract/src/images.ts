import { assertArgument } from './errors';

/** Mean of each RGB channel over ImageNet, on pixels scaled to 0–1. */
export const CHANNEL_MEAN = [0.485, 0.456, 0.406] as const;

/** Standard deviation of each RGB channel over ImageNet, on pixels scaled to 0–1. */
export const CHANNEL_STANDARD_DEVIATION = [0.229, 0.224, 0.225] as const;

/** Images with their classes, all of one size. */
export interface LabelledImages {
  /** [count × height × width × 3] bytes: batch, height, width, RGB. */
  readonly pixels: Uint8Array;
  /** [count] class indices. */
  readonly labels: Int32Array;
  readonly count: number;
}

/** Height and width of an image in pixels. */
export interface ImageSize {
  readonly inputHeight: number;
  readonly inputWidth: number;
}

/** Bytes of one RGB image. */
export function bytesPerImage(size: ImageSize): number {
  return size.inputHeight * size.inputWidth * 3;
}

/** Throws `INVALID_ARGUMENT` unless `pixels` holds exactly `count` images of `size`. */
export function assertPixels(pixels: Uint8Array, count: number, size: ImageSize): void {
  assertArgument(
    Number.isInteger(count) && count >= 0,
    `count must be a whole number ≥ 0, not ${count}.`,
  );
  assertArgument(pixels instanceof Uint8Array, 'pixels must be a Uint8Array of RGB bytes.');
  const expected = count * bytesPerImage(size);
  assertArgument(
    pixels.length === expected,
    `pixels holds ${pixels.length} bytes, but ${count} RGB images of ${size.inputWidth}×${size.inputHeight} take ${expected}. Resize the images to the classifier's input size first.`,
  );
}

/** Throws `INVALID_ARGUMENT` unless `images` can train a classifier of `size` and `classCount`. */
export function assertLabelledImages(
  images: LabelledImages,
  size: ImageSize,
  classCount: number,
): void {
  assertPixels(images.pixels, images.count, size);
  assertArgument(images.count > 0, 'fit needs at least one image.');
  assertArgument(
    images.labels instanceof Int32Array && images.labels.length === images.count,
    `labels must be an Int32Array of ${images.count} class indices.`,
  );
  const wrong = images.labels.find((label) => label < 0 || label >= classCount);
  assertArgument(
    wrong === undefined,
    `labels holds ${wrong}, but the classes are numbered 0 to ${classCount - 1}.`,
  );
}
