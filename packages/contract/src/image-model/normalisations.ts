import { assertArgument } from '../errors';
import { CHANNEL_MEAN, CHANNEL_STANDARD_DEVIATION } from '../images';
import type { ImageChannels, PixelNormalisation } from './image-model';

/**
 * Normalisations that have names: `0-255` bytes as they are; `0-1` divided by 255; `-1-1` so that black is -1 and white 1;
 * `imagenet` torchvision's, on 0–1 and of colour images only.
 */
export type NormalisationName = '0-255' | '0-1' | '-1-1' | 'imagenet';

export const NORMALISATION_NAMES: readonly NormalisationName[] = [
  '0-255',
  '0-1',
  '-1-1',
  'imagenet',
];

/**
 * The numbers of a normalisation.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function normalisationOf(
  name: NormalisationName,
  channels: ImageChannels = 'RGB',
): PixelNormalisation {
  const each = (value: number) => (channels === 'grey' ? [value] : [value, value, value]);
  if (name === '0-255') return { scale: 1, mean: each(0), standardDeviation: each(1) };
  if (name === '0-1') return { scale: 255, mean: each(0), standardDeviation: each(1) };
  if (name === '-1-1') return { scale: 255, mean: each(0.5), standardDeviation: each(0.5) };
  assertArgument(
    name === 'imagenet',
    `normalisation must be one of ${NORMALISATION_NAMES.join(', ')}, or scale, mean and standardDeviation, not ${name}.`,
  );
  assertArgument(
    channels !== 'grey',
    'normalisation imagenet is for colour images: give scale, mean and standardDeviation of a grey model.',
  );
  return {
    scale: 255,
    mean: [...CHANNEL_MEAN],
    standardDeviation: [...CHANNEL_STANDARD_DEVIATION],
  };
}
