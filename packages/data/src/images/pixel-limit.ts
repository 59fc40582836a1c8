import { BadImage } from './bad-image';

/** Images with more pixels are refused: decoded, one would take more than 300 MB. */
export const MAX_PIXELS = 100_000_000;

/** Why an image of more than `limit` pixels is refused. */
export function tooManyPixels(limit: number): string {
  return `is too large (over ${(limit / 1_000_000).toLocaleString('en-US')} million pixels)`;
}

/** @throws {@link BadImage} where an image of this size has more than `limit` pixels */
export function assertPixelCount(
  { width, height }: { readonly width: number; readonly height: number },
  limit: number,
): void {
  if (width * height > limit) throw new BadImage(tooManyPixels(limit));
}
