import { availableParallelism } from 'node:os';
import { assertArgument, DlcmpError } from '@dlcmp/contract';
import type { ImageFile } from '../dataset/dataset';
import { BadImage, orBadImage } from './bad-image';
import { decodeImage } from './decode-image';
import { mapConcurrently } from './map-concurrently';
import { readImageFile } from './read-image-file';
import { resizeBilinear } from './resize-bilinear';

/** Height and width in pixels that every image is brought to. */
export interface TargetSize {
  readonly height: number;
  readonly width: number;
}

export interface DecodeOptions extends TargetSize {
  /** Images decoded at once; memory grows with it. Default: the machine's parallelism. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((completed: number, total: number) => void) | undefined;
}

/** Files brought to pixels; the bad ones take no room. */
export interface DecodedFiles {
  /** [kept × height × width × 3] */
  readonly pixels: Uint8Array;
  readonly bad: readonly { readonly index: number; readonly reason: string }[];
  /** Of each file, as it was when it was decoded. */
  readonly contentHashes: readonly string[];
}

/**
 * Decodes `files` in parallel, each straight to its place in one array; beyond that array, memory
 * holds `concurrency` images at a time.
 *
 * @throws `INVALID_ARGUMENT`, `ABORTED`, `INVALID_DATA` where the pixels would not fit in memory
 */
export async function decodeFiles(
  files: readonly ImageFile[],
  options: DecodeOptions,
): Promise<DecodedFiles> {
  assertTargetSize(options);
  const { height, width, concurrency = availableParallelism(), ...rest } = options;
  const imageBytes = height * width * 3;
  const pixels = allocatePixels(files.length, options);
  const bad: { index: number; reason: string }[] = [];
  const concurrent = { ...rest, concurrency, task: 'Decoding images' };
  const contentHashes = await mapConcurrently(files, concurrent, async ({ path }, index) => {
    const read = await orBadImage(() => readImageFile(path));
    if (read instanceof BadImage) {
      bad.push({ index, reason: read.reason });
      return read.reason;
    }
    const image = await orBadImage(() => decodeImage(read.bytes));
    if (image instanceof BadImage) bad.push({ index, reason: image.reason });
    else pixels.set(resizeBilinear(image, width, height).pixels, index * imageBytes);
    return read.contentHash;
  });
  bad.sort((left, right) => left.index - right.index);
  return { pixels: closeGaps(pixels, imageBytes, bad), bad, contentHashes };
}

/** Throws `INVALID_ARGUMENT` unless height and width are whole numbers of pixels. */
export function assertTargetSize({ height, width }: TargetSize): void {
  assertArgument(
    [height, width].every((side) => Number.isInteger(side) && side >= 1),
    `Images are resized to whole numbers of pixels ≥ 1, not to ${width}×${height}.`,
  );
}

function allocatePixels(count: number, { height, width }: TargetSize): Uint8Array {
  const bytes = count * height * width * 3;
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new DlcmpError(
      'INVALID_DATA',
      `${count} images of ${width}×${height} take ${(bytes / 1e9).toFixed(1)} GB, more than can be had. Take fewer images or a smaller size.`,
      { cause },
    );
  }
}

/** Moves the images after each bad one forward, in place. */
function closeGaps(pixels: Uint8Array, imageBytes: number, bad: DecodedFiles['bad']): Uint8Array {
  if (bad.length === 0) return pixels;
  const isBad = new Set(bad.map(({ index }) => index));
  let kept = 0;
  for (let index = 0; index * imageBytes < pixels.length; index++) {
    if (isBad.has(index)) continue;
    pixels.copyWithin(kept * imageBytes, index * imageBytes, (index + 1) * imageBytes);
    kept++;
  }
  return pixels.subarray(0, kept * imageBytes);
}
