import { assertArgument, CHANNEL_MEAN, CHANNEL_STANDARD_DEVIATION } from '@dlcmp/contract';
import { TF_FLOAT, TF_UINT8 } from '../binding/data-types';
import { invalid, type SavedModelSignature } from './saved-model-signature';

/** What a model expects of its pixels: as they are, divided by 255, or normalised as `simple-cnn` has them. */
export type PixelRange = '0-255' | '0-1' | 'normalised';

/** Bytes as a model takes them, and the `TF_DataType` of that. */
type ConvertPixels = (pixels: Uint8Array) => {
  readonly type: number;
  readonly values: Uint8Array | Float32Array;
};

/**
 * How to convert pixels for the model in `directory`.
 *
 * @throws `INVALID_FILE`, `INVALID_ARGUMENT`
 */
export function pixelConverter(
  directory: string,
  { input }: SavedModelSignature,
  range: PixelRange,
): ConvertPixels {
  if (input.type === 'DT_UINT8') {
    assertArgument(
      range === '0-255',
      `The model in ${directory} takes bytes: choose the pixel range 0-255 (pixelRange).`,
    );
    return (values) => ({ type: TF_UINT8, values });
  }
  if (input.type !== 'DT_FLOAT') {
    throw invalid(directory, `its input is of type ${input.type}, not DT_FLOAT or DT_UINT8`);
  }
  const scale = range === '0-255' ? 1 : 1 / 255;
  const normalised = range === 'normalised';
  const means = normalised ? CHANNEL_MEAN : [0, 0, 0];
  const deviations = normalised ? CHANNEL_STANDARD_DEVIATION : [1, 1, 1];
  return (pixels) => ({
    type: TF_FLOAT,
    values: Float32Array.from(
      pixels,
      (value, index) =>
        (value * scale - (means[index % 3] as number)) / (deviations[index % 3] as number),
    ),
  });
}
