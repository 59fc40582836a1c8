import { BadImage } from '../bad-image';
import { decodeBySharp } from '../decode-by-sharp';
import type { DecodeImageOptions, UseImage } from '../decode-image';
import { assertPixelCount, MAX_PIXELS } from '../pixel-limit';
import type { RgbImage } from '../rgb-image';
import { turnUpright } from '../turn-upright';
import { withoutOddities } from './harmless-oddities';
import { type JpegHeader, readJpegHeader } from './jpeg-header';
import { decodeByLibjpeg } from './libjpeg';

/** Beyond these, sharp's vector instructions outweigh what its pipeline costs. */
const MOST_PIXELS_BY_LIBJPEG = 400_000;

/**
 * The upright picture of a JPEG. It is refused where libjpeg warns of damage in its coded data; what it
 * warns of and what leaves the picture whole is no ground. In large images and other kinds than 8-bit sRGB,
 * data left over behind the last pixel go unnoticed.
 *
 * @throws {@link BadImage}
 */
export async function decodeJpeg<Result>(
  bytes: Buffer,
  use: UseImage<Result>,
  options: DecodeImageOptions,
): Promise<Result> {
  const { thorough = false, maxPixels = MAX_PIXELS } = options;
  const header = readJpegHeader(bytes);
  if (!header) return use(await decodeBySharp(bytes, 'warning', options));
  assertPixelCount(header, maxPixels);
  return isPlain(header, thorough ? MAX_PIXELS : MOST_PIXELS_BY_LIBJPEG)
    ? decodePlain(bytes, header, use, options)
    : use(await decodeAnyKind(bytes, header, options));
}

/** Greyscale or colour of 8 bits, in sRGB, and not larger than `mostPixels`. */
function isPlain(header: JpegHeader, mostPixels: number): boolean {
  const { components, precision, coding, hasForeignProfile, width, height } = header;
  return (
    (components === 1 || components === 3) &&
    precision === 8 &&
    coding !== 'other' &&
    !hasForeignProfile &&
    width * height <= mostPixels
  );
}

async function decodePlain<Result>(
  bytes: Buffer,
  header: JpegHeader,
  use: UseImage<Result>,
  options: DecodeImageOptions,
): Promise<Result> {
  const orientation = options.orientation === 'stored' ? 1 : header.orientation;
  const useUpright = (image: RgbImage) => ({ used: use(turnUpright(image, orientation)) });
  const sound = decodeByLibjpeg(bytes, useUpright);
  if (sound) return sound.used;
  for (const repaired of withoutOddities(bytes, header)) {
    const whole = decodeByLibjpeg(repaired, useUpright);
    if (whole) return whole.used;
  }
  // sharp says what is wrong, except where the picture ends before its data does.
  await decodeBySharp(bytes, 'warning', options);
  throw new BadImage('is damaged (its coded data go on behind the last pixel)');
}

async function decodeAnyKind(
  bytes: Buffer,
  header: JpegHeader,
  options: DecodeImageOptions,
): Promise<RgbImage> {
  try {
    return await decodeBySharp(bytes, 'warning', options);
  } catch (error) {
    for (const repaired of withoutOddities(bytes, header)) {
      const whole = await decodeBySharp(repaired, 'warning', options).catch(() => undefined);
      if (whole) return whole;
    }
    throw error;
  }
}
