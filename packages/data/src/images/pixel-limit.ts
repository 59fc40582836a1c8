import { BadImage } from './bad-image';

/** Images with more pixels are refused: decoded, one would take more than 300 MB. */
export const MAX_PIXELS = 100_000_000;

export const TOO_MANY_PIXELS = `is too large (over ${MAX_PIXELS / 1_000_000} million pixels)`;

/** @throws {@link BadImage} where an image of this size has more than {@link MAX_PIXELS} */
export function assertPixelCount({ width, height }: { width: number; height: number }): void {
  if (width * height > MAX_PIXELS) throw new BadImage(TOO_MANY_PIXELS);
}
