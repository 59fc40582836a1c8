import { assertArgument } from '../errors';
import type { ImageSize } from '../images';
import { toFloat16 } from './float16';
import type { ImageElement, ImageModel } from './image-model';

/** The values of an image tensor; float16 as its bits. */
export type ImageTensor = Float32Array | Uint16Array | Uint8Array;

/** What of a model says how it takes its pixels. */
export type ImageInput = ImageSize &
  Pick<ImageModel, 'layout' | 'channels' | 'elementType' | 'normalisation'>;

/**
 * @param pixels bytes in batch, height, width, RGB order, of the model's size
 * @returns the tensor that the model takes, in its layout
 */
export type PrepareImages = (pixels: Uint8Array, count: number) => ImageTensor;

/** Where a model's channels lie in RGB. */
const RGB_PLACES: Readonly<Record<ImageModel['channels'], readonly number[]>> = {
  RGB: [0, 1, 2],
  BGR: [2, 1, 0],
  grey: [0],
};

/**
 * How pixels become what `input` takes. A byte has 256 values, so each channel is a table of what they come to, worked
 * out in float64 and rounded once.
 */
export function createPreparation(input: ImageInput): PrepareImages {
  const { inputHeight, inputWidth, layout, channels, elementType } = input;
  const places = RGB_PLACES[channels];
  const tables = places.map((place) => tableOf(input, channels === 'grey' ? 0 : place));
  const size = inputHeight * inputWidth;
  const between = layout === 'NCHW' ? 1 : places.length;
  return (pixels, count) => {
    const bytes = channels === 'grey' ? greyOf(pixels) : pixels;
    const step = channels === 'grey' ? 1 : 3;
    const tensor = tensorOf(elementType, count * size * places.length);
    for (let image = 0; image < count; image++) {
      for (const [channel, place] of places.entries()) {
        const table = tables[channel] as ImageTensor;
        let from = image * size * step + place;
        let to = image * size * places.length + channel * (layout === 'NCHW' ? size : 1);
        for (let pixel = 0; pixel < size; pixel++, from += step, to += between) {
          tensor[to] = table[bytes[from] as number] as number;
        }
      }
    }
    return tensor;
  };
}

/** The tensor's shape for `count` images. */
export function imageTensorShape(
  { inputHeight, inputWidth, layout, channels }: ImageInput,
  count: number,
): number[] {
  const { length } = RGB_PLACES[channels];
  return layout === 'NCHW'
    ? [count, length, inputHeight, inputWidth]
    : [count, inputHeight, inputWidth, length];
}

/** The largest finite number of each type. */
const LARGEST: Readonly<Record<ImageElement, number>> = {
  float32: (2 - 2 ** -23) * 2 ** 127,
  float16: 65504,
  uint8: 255,
};

function tableOf({ elementType, normalisation }: ImageInput, channel: number): ImageTensor {
  const { scale, mean, standardDeviation } = normalisation;
  const table = tensorOf(elementType, 256);
  for (let byte = 0; byte < 256; byte++) {
    const value =
      (byte / scale - (mean[channel] as number)) / (standardDeviation[channel] as number);
    table[byte] = elementType === 'float16' ? toFloat16(value) : value;
    assertArgument(
      Math.abs(value) <= LARGEST[elementType],
      `normalisation makes ${value} of the byte ${byte}, and ${elementType} ends at ${LARGEST[elementType].toPrecision(3)}: check scale, mean and standardDeviation.`,
    );
  }
  return table;
}

function tensorOf(elementType: ImageElement, length: number): ImageTensor {
  if (elementType === 'uint8') return new Uint8Array(length);
  return elementType === 'float16' ? new Uint16Array(length) : new Float32Array(length);
}

/** Luma of ITU-R 601-2 in fixed point, as Pillow's `convert('L')` has it. */
function greyOf(pixels: Uint8Array): Uint8Array {
  const grey = new Uint8Array(pixels.length / 3);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3) {
    const [red, green, blue] = [pixels[at], pixels[at + 1], pixels[at + 2]] as [
      number,
      number,
      number,
    ];
    grey[pixel] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }
  return grey;
}
