import type { ImageFile } from '../dataset/dataset';
import { listImages } from './list-images';
import { type LoadedPixels, loadPixels } from './load-images';
import type { LoadOptions } from './load-options';

/** As {@link LoadOptions}; nothing is cached unless `cacheDirectory` says where. */
export type LoadUnlabelledOptions = LoadOptions;

/**
 * Decodes images without classes, for prediction: each of `paths` is an image, or a folder of
 * images, such as `seg_pred`, or of folders of images, such as the classes of a test set.
 *
 * @throws as `loadImages` and {@link listImages}
 */
export async function loadUnlabelled(
  paths: string | readonly string[],
  options: LoadUnlabelledOptions,
): Promise<LoadedPixels<ImageFile>> {
  const files = await listImages(typeof paths === 'string' ? [paths] : paths);
  return loadPixels(files, { ...options, cacheDirectory: options.cacheDirectory ?? false });
}
