import type { ImageSize, LabelledImages } from '@dlcmp/contract';
import { createGenerator, nextUniform } from '@dlcmp/contract';

/** What {@link createSeparableImages} draws. */
export interface SeparableImagesOptions extends ImageSize {
  readonly count: number;
  readonly classCount: number;
  readonly seed: number;
  /** Share of each pixel that is noise, 0 to 1; at 1 nothing tells the classes apart. Default 0.3. */
  readonly noise?: number;
}

/**
 * Images whose class shows in their colour: each class has a hue of its own under uniform noise.
 * The classes take turns, so that each is as frequent as the others.
 */
export function createSeparableImages(options: SeparableImagesOptions): LabelledImages {
  const { count, classCount, inputHeight, inputWidth, seed, noise = 0.3 } = options;
  const generator = createGenerator(seed, 'separable-images');
  const labels = Int32Array.from({ length: count }, (_, image) => image % classCount);
  const palette = Array.from({ length: classCount }, (_, label) => hueToRgb(label / classCount));
  const pixels = new Uint8Array(count * inputHeight * inputWidth * 3);
  let at = 0;
  for (const label of labels) {
    const colour = palette[label] as readonly number[];
    for (let pixel = 0; pixel < inputHeight * inputWidth; pixel++) {
      for (const brightness of colour) {
        pixels[at++] = 255 * ((1 - noise) * brightness + noise * nextUniform(generator));
      }
    }
  }
  return { pixels, labels, count };
}

/** Red, green and blue, 0 to 1, of a hue given in turns. */
function hueToRgb(hue: number): readonly number[] {
  return [0, 1, 2].map((channel) => 0.5 + 0.5 * Math.cos(2 * Math.PI * (hue - channel / 3)));
}
