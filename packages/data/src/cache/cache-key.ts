import { createHash } from 'node:crypto';
import { loadSharp } from '../images/load-sharp';
import type { PixelTarget } from '../images/pixel-target';

/** Raised whenever the same files and settings would come to other pixels. */
const PIXELS_VERSION = 3;

/** By the content of so many files an entry is looked for, before all are read. */
export const SAMPLED_FILES = 16;

const PREFIX_DIGITS = 16;
const KEY_DIGITS = 64;

/**
 * The name under which decoded images are cached: a hash of every file's content in order, the size
 * in pixels, how they are brought to it and the versions of the libraries that decode. Names and dates of files are no part of it, so
 * that a file changed behind its old date is noticed, and a moved folder is known. It begins with
 * {@link cacheKeyPrefix}.
 */
export async function cacheKey(
  contentHashes: readonly string[],
  target: PixelTarget,
): Promise<string> {
  const sample = contentHashes.slice(0, SAMPLED_FILES);
  const prefix = await cacheKeyPrefix(sample, contentHashes.length, target);
  const rest = await hash(target, contentHashes);
  return prefix + rest.slice(0, KEY_DIGITS - PREFIX_DIGITS);
}

/**
 * How the keys of `count` files begin, of which the first are known: where there is no such entry, the
 * others need not be read to know that they are not cached.
 */
export async function cacheKeyPrefix(
  sample: readonly string[],
  count: number,
  target: PixelTarget,
): Promise<string> {
  return (await hash(target, [String(count), ...sample])).slice(0, PREFIX_DIGITS);
}

async function hash(
  { height, width, resize, orientation }: PixelTarget,
  parts: readonly string[],
): Promise<string> {
  const { versions } = await loadSharp();
  const further = resize || orientation ? [resize ?? null, orientation ?? null] : [];
  const settings = [PIXELS_VERSION, height, width, versions.sharp, versions.vips, ...further];
  return createHash('sha256')
    .update(JSON.stringify(settings))
    .update(parts.join('\n'))
    .digest('hex');
}
