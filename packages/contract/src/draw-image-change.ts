import type { ImageChange } from './augment-image';
import type { ImageSize } from './images';
import { createGenerator, nextUniform } from './random';

/** Share of the image's area that a part has at least. */
const LEAST_AREA = 0.35;
/** Width over height of a part, at most; at least its inverse. */
const WIDEST = 4 / 3;
/** How far brightness and contrast go from 1. */
const LIGHT = 0.2;
const ATTEMPTS = 10;

/**
 * What each of `count` images becomes in `epoch`: a part of random place, area and shape, mirrored with probability ½, in another
 * light. The seed decides all of it.
 *
 * Source: Szegedy et al. 2015, "Going deeper with convolutions", section 6; as torchvision's `RandomResizedCrop` with areas from
 * 0.35 on.
 */
export function drawImageChanges(
  seed: number,
  epoch: number,
  count: number,
  size: ImageSize,
): ImageChange[] {
  const generator = createGenerator(seed, 'crops', epoch);
  const uniform = (from: number, to: number) => from + (to - from) * nextUniform(generator);
  return Array.from({ length: count }, () => ({
    ...drawPart(size, uniform),
    flip: uniform(0, 1) < 0.5,
    brightness: uniform(1 - LIGHT, 1 + LIGHT),
    contrast: uniform(1 - LIGHT, 1 + LIGHT),
  }));
}

type Part = Pick<ImageChange, 'top' | 'left' | 'height' | 'width'>;

/** The whole image where no part of the shapes that were drawn fits. */
function drawPart(
  { inputHeight, inputWidth }: ImageSize,
  uniform: (from: number, to: number) => number,
): Part {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = inputHeight * inputWidth * uniform(LEAST_AREA, 1);
    const aspect = Math.exp(uniform(-Math.log(WIDEST), Math.log(WIDEST)));
    const width = Math.round(Math.sqrt(area * aspect));
    const height = Math.round(Math.sqrt(area / aspect));
    if (width < 1 || height < 1 || width > inputWidth || height > inputHeight) continue;
    const top = Math.floor(uniform(0, inputHeight - height + 1));
    const left = Math.floor(uniform(0, inputWidth - width + 1));
    return { top, left, height, width };
  }
  return { top: 0, left: 0, height: inputHeight, width: inputWidth };
}
