import { bytesPerImage, type ImageSize, type LabelledImages } from '@dlcmp/contract';

/**
 * `count` images that no classifier was ever given: each the mean of two of `images`, one of them upside down. They look
 * like none of them, in whichever part or resolution a cache may look at.
 *
 * @param round another number up to 31, other images
 */
export function unseenImages(
  images: LabelledImages,
  size: ImageSize,
  count: number,
  round: number,
): Uint8Array {
  const bytes = bytesPerImage(size);
  const row = size.inputWidth * 3;
  const pixels = new Uint8Array(count * bytes);
  // Two rounds may mix the same two images: their lowest bits tell them apart, in every byte.
  const lowest = (round % 31) + 1;
  for (let index = 0; index < count; index++) {
    const upright = (index % images.count) * bytes;
    const turned = ((index + round + Math.floor(index / images.count)) % images.count) * bytes;
    for (let at = 0; at < bytes; at++) {
      const opposite = bytes - row - (at - (at % row)) + (at % row);
      const sum =
        (images.pixels[upright + at] as number) + (images.pixels[turned + opposite] as number);
      pixels[index * bytes + at] = (sum >> 1) ^ lowest;
    }
  }
  return pixels;
}
