import { assertArgument } from '../errors';
import { assertReadable, type ImageSize, pixelSourceOf, type TrainingImages } from '../images';
import { createGenerator, permutation } from '../random';

/** Images that are trained on, and those that training is judged by. */
export interface HeldOutImages {
  readonly training: TrainingImages;
  readonly validation: TrainingImages;
}

/**
 * Holds back `fraction` of each class, rounded, but at least one image of each class that has two; the seed decides which. Both
 * parts keep the order of `images`.
 *
 * @param fraction above 0 and below 1
 * @throws `INVALID_ARGUMENT` where nothing would be held back
 */
export function holdOut(
  images: TrainingImages,
  size: ImageSize,
  fraction: number,
  seed: number,
): HeldOutImages {
  const held = new Uint8Array(images.count);
  const shuffled = permutation(createGenerator(seed, 'validation'), images.count);
  for (const members of byClass(shuffled, images.labels).values()) {
    const wanted = Math.max(1, Math.round(fraction * members.length));
    for (const image of members.slice(0, Math.min(wanted, members.length - 1))) held[image] = 1;
  }
  const indices = Array.from(held.keys());
  const validation = indices.filter((image) => held[image] === 1);
  assertArgument(
    validation.length > 0,
    `A validation share of ${fraction} holds back none of ${images.count} training images: no class has two. Give more images, or leave validation out.`,
  );
  const training = indices.filter((image) => held[image] === 0);
  return {
    training: chosenImages(images, training, size),
    validation: chosenImages(images, validation, size),
  };
}

function byClass(order: Uint32Array, labels: Int32Array): Map<number, number[]> {
  const classes = new Map<number, number[]>();
  for (const image of order) {
    const label = labels[image] as number;
    const members = classes.get(label) ?? [];
    members.push(image);
    classes.set(label, members);
  }
  return classes;
}

/** The images with these `indices`, fetched from where all of them are. */
function chosenImages(
  images: TrainingImages,
  indices: readonly number[],
  size: ImageSize,
): TrainingImages {
  const source = pixelSourceOf(images, size);
  const count = indices.length;
  const sizes = { count, bytesPerImage: source.bytesPerImage };
  const read = (wanted: ArrayLike<number>, into: Uint8Array) => {
    assertReadable(sizes, wanted, into);
    const chosen = Array.from(wanted, (at) => indices[at] as number);
    source.read(chosen, into);
  };
  const labels = Int32Array.from(indices, (image) => images.labels[image] as number);
  return { count, labels, pixels: { ...sizes, read } };
}
