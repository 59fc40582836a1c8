import type { ImageSize, LabelledImages } from '../contract/images';
import { createGenerator, nextUniform } from '../contract/random';

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
  const bytes = inputHeight * inputWidth * 3;
  const generator = createGenerator(seed, 'separable-images');
  const labels = Int32Array.from({ length: count }, (_, image) => image % classCount);
  const pixels = Uint8Array.from({ length: count * bytes }, (_, at) => {
    const label = labels[Math.floor(at / bytes)] as number;
    const colour = classColour(label / classCount, at % 3);
    return Math.round(255 * ((1 - noise) * colour + noise * nextUniform(generator)));
  });
  return { pixels, labels, count };
}

/** Brightness, 0 to 1, of one RGB channel of a hue given in turns. */
function classColour(hue: number, channel: number): number {
  return 0.5 + 0.5 * Math.cos(2 * Math.PI * (hue - channel / 3));
}
