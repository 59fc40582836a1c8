import { createGenerator, nextInteger } from '@dlcmp/contract';
import type { ImageFile } from '@dlcmp/data';

/** At most `limit` of `files`, drawn by `seed` and in their order, so that classes keep their shares. */
export function chooseImages(
  files: readonly ImageFile[],
  limit: number,
  seed: number,
): readonly ImageFile[] {
  if (files.length <= limit) return files;
  const generator = createGenerator(seed, 'inference-images', files.length);
  const left = files.map((_, index) => index);
  const drawn = Array.from({ length: limit }, () => {
    const [index] = left.splice(nextInteger(generator, left.length), 1);
    return index as number;
  });
  return drawn.sort((a, b) => a - b).map((index) => files[index] as ImageFile);
}
