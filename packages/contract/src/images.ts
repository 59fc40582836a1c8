import { assertArgument } from './errors';
import { elementCount } from './weights';

/** Mean of each RGB channel over ImageNet, on pixels scaled to 0–1. */
export const CHANNEL_MEAN = [0.485, 0.456, 0.406] as const;

/** Standard deviation of each RGB channel over ImageNet, on pixels scaled to 0–1. */
export const CHANNEL_STANDARD_DEVIATION = [0.229, 0.224, 0.225] as const;

/**
 * Images of one size that are fetched as they are wanted, so that more of them can be trained on than
 * memory holds: those of a file ({@link openPixelFile}), or of memory ({@link pixelsInMemory}).
 */
export interface PixelSource {
  readonly count: number;
  /** Height × width × 3. */
  readonly bytesPerImage: number;
  /**
   * Copies the images with these `indices`, in their order and one behind the other, to the beginning of `into`. Synchronous:
   * from a file that the system has in memory it takes as long as a copy.
   *
   * @throws `INVALID_ARGUMENT` where an index is out of range or `into` too small; `INVALID_FILE` where they cannot be read
   */
  read(indices: ArrayLike<number>, into: Uint8Array): void;
  /** The file that holds all of them in order, from `offset` bytes on, for another process; absent where there is none. */
  readonly file?: { readonly path: string; readonly offset: number };
}

/** What a classifier is trained on: images of one size with their classes. */
export interface TrainingImages {
  /** [count × height × width × 3] bytes: batch, height, width, RGB; or where they are fetched from. */
  readonly pixels: Uint8Array | PixelSource;
  /** [count] class indices. */
  readonly labels: Int32Array;
  readonly count: number;
}

/** Images with their classes, all of one size and all in memory. */
export interface LabelledImages extends TrainingImages {
  /** [count × height × width × 3] bytes: batch, height, width, RGB. */
  readonly pixels: Uint8Array;
}

/** Height and width of an image in pixels. */
export interface ImageSize {
  readonly inputHeight: number;
  readonly inputWidth: number;
  /** Shape of the float32 features that stand in an image's place, where another network has computed them. */
  readonly features?: readonly number[];
}

/** Bytes of one RGB image, or of the features in its place. */
export function bytesPerImage({ inputHeight, inputWidth, features }: ImageSize): number {
  return features
    ? elementCount(features) * Float32Array.BYTES_PER_ELEMENT
    : inputHeight * inputWidth * 3;
}

/** The features of images that `bytes` holds. */
export function featuresOf(bytes: Uint8Array): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  return new Float32Array(buffer, byteOffset, byteLength / Float32Array.BYTES_PER_ELEMENT);
}

/** `images` as a source, wherever their pixels are. */
export function pixelSourceOf({ pixels, count }: TrainingImages, size: ImageSize): PixelSource {
  return isInMemory(pixels) ? pixelsInMemory(pixels, count, size) : pixels;
}

/** Pixels in memory as a source. @throws `INVALID_ARGUMENT` unless `pixels` holds `count` images of `size` */
export function pixelsInMemory(pixels: Uint8Array, count: number, size: ImageSize): PixelSource {
  assertPixels(pixels, count, size);
  const bytes = bytesPerImage(size);
  return {
    count,
    bytesPerImage: bytes,
    read(indices, into) {
      assertReadable(this, indices, into);
      for (let position = 0; position < indices.length; position++) {
        const start = (indices[position] as number) * bytes;
        into.set(pixels.subarray(start, start + bytes), position * bytes);
      }
    },
  };
}

/** Throws `INVALID_ARGUMENT` unless images with these `indices` are in `source` and fit `into`. */
export function assertReadable(
  source: Pick<PixelSource, 'count' | 'bytesPerImage'>,
  indices: ArrayLike<number>,
  into: Uint8Array,
): void {
  const wanted = indices.length * source.bytesPerImage;
  assertArgument(
    into.length >= wanted,
    `${indices.length} images take ${wanted} bytes, and there is room for ${into.length}.`,
  );
  for (let position = 0; position < indices.length; position++) {
    const index = indices[position] as number;
    assertArgument(
      Number.isInteger(index) && index >= 0 && index < source.count,
      `There is no image ${index}: they are numbered 0 to ${source.count - 1}.`,
    );
  }
}

function isInMemory(pixels: Uint8Array | PixelSource): pixels is Uint8Array {
  return ArrayBuffer.isView(pixels);
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

/** Throws `INVALID_ARGUMENT` unless `source` holds exactly `count` images of `size`. */
function assertPixelSource(source: PixelSource, count: number, size: ImageSize): void {
  assertArgument(
    typeof source?.read === 'function',
    'pixels must be a Uint8Array of RGB bytes, or a PixelSource.',
  );
  assertArgument(
    source.count === count,
    `pixels holds ${source.count} images, but count is ${count}.`,
  );
  const expected = bytesPerImage(size);
  assertArgument(
    source.bytesPerImage === expected,
    `pixels holds images of ${source.bytesPerImage} bytes, but one RGB image of ${size.inputWidth}×${size.inputHeight} takes ${expected}. Resize the images to the classifier's input size first.`,
  );
}

/** Throws `INVALID_ARGUMENT` unless `images` can train a classifier of `size` and `classCount`. */
export function assertLabelledImages(
  images: TrainingImages,
  size: ImageSize,
  classCount: number,
): void {
  if (isInMemory(images.pixels)) assertPixels(images.pixels, images.count, size);
  else assertPixelSource(images.pixels, images.count, size);
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
