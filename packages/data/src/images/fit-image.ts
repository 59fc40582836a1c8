import { DEFAULT_RESIZE } from '@dlcmp/contract';
import type { PixelTarget } from './pixel-target';
import { resizeImage } from './resize-image';
import type { RgbImage } from './rgb-image';

/** `image` at exactly `height` × `width`, by the target's rule. */
export function fitImage(
  image: RgbImage,
  { height, width, resize = DEFAULT_RESIZE }: PixelTarget,
): RgbImage {
  if (resize.fit === 'stretch') return resizeImage(image, width, height, resize.filter);
  const { shorterSide = Math.max(height, width) } = resize;
  const whole =
    resize.fit === 'crop'
      ? withShorterSide(image, shorterSide)
      : { width: shorterSide, height: shorterSide };
  const resized = resizeImage(image, whole.width, whole.height, resize.filter);
  return cutMiddle(resized, width, height);
}

/** The longer side is rounded down, as torchvision's `Resize` has it. */
function withShorterSide({ width, height }: RgbImage, side: number) {
  return width < height
    ? { width: side, height: Math.trunc((side * height) / width) }
    : { width: Math.trunc((side * width) / height), height: side };
}

/** As torchvision's `CenterCrop`: half a pixel goes to the even side. */
function cutMiddle(image: RgbImage, width: number, height: number): RgbImage {
  const left = halfOf(image.width - width);
  const top = halfOf(image.height - height);
  const pixels = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * image.width + left) * 3;
    pixels.set(image.pixels.subarray(from, from + width * 3), row * width * 3);
  }
  return { pixels, width, height };
}

function halfOf(length: number): number {
  const half = Math.floor(length / 2);
  return length % 2 === 1 && half % 2 === 1 ? half + 1 : half;
}
