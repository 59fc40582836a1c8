import { createHash } from 'node:crypto';
import { loadSharp } from '../images/load-sharp';

/** Raised whenever the same files and settings would come to other pixels. */
const PIXELS_VERSION = 2;

/**
 * The name under which decoded images are cached: a hash of every file's content in order, the size
 * in pixels and the versions of the libraries that decode. Names and dates of files are
 * no part of it, so that a file changed behind its old date is noticed, and a moved folder is known.
 */
export async function cacheKey(
  contentHashes: readonly string[],
  height: number,
  width: number,
): Promise<string> {
  const { versions } = await loadSharp();
  const settings = [PIXELS_VERSION, height, width, versions.sharp, versions.vips];
  return createHash('sha256')
    .update(JSON.stringify(settings))
    .update(contentHashes.join('\n'))
    .digest('hex');
}
