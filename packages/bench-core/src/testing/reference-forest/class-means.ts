import type { LabelledImages } from '@dlcmp/contract';
import { nextInteger, type RandomGenerator } from '@dlcmp/contract';

/**
 * The mean image of each class over a bootstrap sample of `images`: [classes × bytes per image].
 * A class that the sample lacks has NaN for its mean.
 */
export function bootstrapClassMeans(
  images: LabelledImages,
  classCount: number,
  generator: RandomGenerator,
): Float32Array {
  const bytes = images.pixels.length / images.count;
  const sums = new Float64Array(classCount * bytes);
  const counts = new Float64Array(classCount);
  for (let draw = 0; draw < images.count; draw++) {
    const row = nextInteger(generator, images.count);
    const label = images.labels[row] as number;
    (counts[label] as number) += 1;
    for (let i = 0; i < bytes; i++) {
      (sums[label * bytes + i] as number) += images.pixels[row * bytes + i] as number;
    }
  }
  const means = new Float32Array(sums.length);
  counts.forEach((count, label) => {
    for (let at = label * bytes; at < (label + 1) * bytes; at++) {
      means[at] = (sums[at] as number) / count;
    }
  });
  return means;
}

/** The class whose mean is nearest to `image`; NaN is near to nothing. */
export function nearestClass(means: Float32Array, image: Uint8Array): number {
  const classCount = means.length / image.length;
  let nearest = 0;
  let shortest = Number.POSITIVE_INFINITY;
  for (let label = 0; label < classCount; label++) {
    let distance = 0;
    for (let i = 0; i < image.length; i++) {
      distance += ((image[i] as number) - (means[label * image.length + i] as number)) ** 2;
    }
    if (distance < shortest) {
      shortest = distance;
      nearest = label;
    }
  }
  return nearest;
}
