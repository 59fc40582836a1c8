import { changeImage, type ImageChange } from './augment-image';
import { drawImageChanges } from './draw-image-change';
import { assertArgument } from './errors';
import { bytesPerImage, type ImageSize, pixelSourceOf, type TrainingImages } from './images';
import type { MaskShape } from './network/resolve-network';
import { createGenerator, nextUniform, permutation } from './random';
import { elementCount } from './weights';

/**
 * - `horizontal-flip`: each image is mirrored with probability ½.
 * - `random-crop`: besides, a random part of it takes its place, in another light: see `drawImageChanges`.
 */
export type Augmentation = 'horizontal-flip' | 'random-crop' | 'none';

const AUGMENTATIONS: readonly Augmentation[] = ['horizontal-flip', 'random-crop', 'none'];

/** What decides the batches of a training run. */
export interface TrainingPlanOptions {
  readonly seed: number;
  readonly imageCount: number;
  readonly batchSize: number;
  readonly augmentation: Augmentation;
  /** What each dropout node leaves out, by its name. Default: there is none. */
  readonly masks?: Readonly<Record<string, MaskShape>>;
}

/** One batch, ready for a framework: already shuffled and flipped. */
export interface TrainingBatch {
  /** [size × height × width × 3] */
  readonly pixels: Uint8Array;
  /** [size] */
  readonly labels: Int32Array;
  /** By the dropout node's name: [size × its shape], 1 = keep; a kept value is scaled by 1/(1 - rate). */
  readonly masks: Readonly<Record<string, Uint8Array>>;
  readonly size: number;
}

/**
 * The random choices of a training run as pure functions of seed, epoch and step: every framework
 * that asks gets the same answers, in any order.
 */
export interface TrainingPlan {
  readonly stepsPerEpoch: number;
  /** Image index at each position of `epoch`: a fresh permutation. */
  epochOrder(epoch: number): Uint32Array;
  /** Whether the image with a given index is mirrored in `epoch`: [imageCount], 1 = flip. */
  epochFlips(epoch: number): Uint8Array;
  /** What each image of `size` becomes in `epoch`; undefined where it is mirrored at most, as `epochFlips` says. */
  epochChanges(epoch: number, size: ImageSize): readonly ImageChange[] | undefined;
  /** What stays at `step` of `epoch`, by the dropout node's name: [size × its shape], 1 = keep. */
  masks(epoch: number, step: number): Readonly<Record<string, Uint8Array>>;
  /** Number of images at `step`; the last batch of an epoch may be smaller. */
  batchSizeAt(step: number): number;
}

export function createTrainingPlan(options: TrainingPlanOptions): TrainingPlan {
  const { seed, imageCount, batchSize, augmentation } = options;
  const masks = Object.entries(options.masks ?? {});
  assertArgument(
    Number.isInteger(batchSize) && batchSize >= 1,
    `batchSize must be a whole number ≥ 1, not ${batchSize}.`,
  );
  assertArgument(
    AUGMENTATIONS.includes(augmentation),
    `augmentation must be one of ${AUGMENTATIONS.join(', ')}, not ${augmentation}.`,
  );
  const batchSizeAt = (step: number) => Math.min(batchSize, imageCount - step * batchSize);
  return {
    stepsPerEpoch: Math.ceil(imageCount / batchSize),
    batchSizeAt,
    epochOrder: (epoch) => permutation(createGenerator(seed, 'order', epoch), imageCount),
    epochFlips: (epoch) =>
      augmentation === 'horizontal-flip'
        ? drawBernoulli(seed, 'flips', [epoch], imageCount, 0.5)
        : new Uint8Array(imageCount),
    epochChanges: (epoch, size) =>
      augmentation === 'random-crop' ? drawImageChanges(seed, epoch, imageCount, size) : undefined,
    masks: (epoch, step) =>
      Object.fromEntries(
        masks.map(([name, { shape, rate }]) => [
          name,
          drawBernoulli(
            seed,
            maskPurpose(name),
            [epoch, step],
            batchSizeAt(step) * elementCount(shape),
            1 - rate,
          ),
        ]),
      ),
  };
}

/** The dropout node of `simple-cnn`, whose masks are drawn under its name alone. */
const DEFAULT_DROPOUT = 'dropout';

function maskPurpose(name: string): string {
  return name === DEFAULT_DROPOUT ? name : `${DEFAULT_DROPOUT}/${name}`;
}

/** `count` draws of 1 with probability `probability`, else 0. */
function drawBernoulli(
  seed: number,
  purpose: string,
  indices: readonly number[],
  count: number,
  probability: number,
): Uint8Array {
  const draws = new Uint8Array(count);
  if (probability === 1) return draws.fill(1);
  const generator = createGenerator(seed, purpose, ...indices);
  for (let i = 0; i < count; i++) draws[i] = nextUniform(generator) < probability ? 1 : 0;
  return draws;
}

/**
 * The batches of one epoch of `plan` over `images`, each gathered and flipped when asked for.
 *
 * @param allocate memory for a batch's pixels, as many bytes. Default: new memory for each
 * @param firstStep from 0: those before it are left out
 */
export function* epochBatches(
  plan: TrainingPlan,
  epoch: number,
  images: TrainingImages,
  size: ImageSize,
  allocate: (bytes: number) => Uint8Array = (bytes) => new Uint8Array(bytes),
  firstStep = 0,
): Generator<TrainingBatch> {
  const order = plan.epochOrder(epoch);
  const flips = plan.epochFlips(epoch);
  const source = pixelSourceOf(epochImages(plan, epoch, images, size), size);
  let start = 0;
  for (let step = 0; step < plan.stepsPerEpoch; step++) {
    const indices = order.subarray(start, start + plan.batchSizeAt(step));
    start += indices.length;
    if (step < firstStep) continue;
    const pixels = allocate(indices.length * source.bytesPerImage);
    source.read(indices, pixels);
    mirrorFlipped(pixels, indices, flips, size);
    yield {
      pixels,
      labels: Int32Array.from(indices, (index) => images.labels[index] as number),
      masks: plan.masks(epoch, step),
      size: indices.length,
    };
  }
}

/** `images` as `epoch` changes them, its mirroring by {@link TrainingPlan.epochFlips} aside. */
export function epochImages(
  plan: TrainingPlan,
  epoch: number,
  images: TrainingImages,
  size: ImageSize,
): TrainingImages {
  const changes = plan.epochChanges(epoch, size);
  if (!changes) return images;
  const source = pixelSourceOf(images, size);
  const { count, bytesPerImage: bytes } = source;
  const own = new Uint8Array(bytes);
  const read = (indices: ArrayLike<number>, into: Uint8Array) => {
    for (let at = 0; at < indices.length; at++) {
      const index = indices[at] as number;
      source.read([index], own);
      const target = into.subarray(at * bytes, (at + 1) * bytes);
      changeImage(own, target, size, changes[index] as ImageChange);
    }
  };
  return { ...images, pixels: { count, bytesPerImage: bytes, read } };
}

/** Mirrors those images of a batch that the epoch flips, in place. */
function mirrorFlipped(
  pixels: Uint8Array,
  indices: Uint32Array,
  flips: Uint8Array,
  size: ImageSize,
): void {
  const bytes = bytesPerImage(size);
  const unflipped = new Uint8Array(bytes);
  indices.forEach((index, position) => {
    if (!flips[index]) return;
    const image = pixels.subarray(position * bytes, (position + 1) * bytes);
    unflipped.set(image);
    mirrorInto(unflipped, image, size.inputWidth);
  });
}

/** Copies an RGB image with each row reversed. */
function mirrorInto(image: Uint8Array, target: Uint8Array, width: number): void {
  const rowBytes = width * 3;
  const isEven = (rowBytes | image.byteOffset | target.byteOffset) % 2 === 0;
  if (isEven && width % 2 === 0 && LITTLE_ENDIAN) {
    mirrorPairs(asHalfwords(image), asHalfwords(target), rowBytes / 2);
    return;
  }
  for (let row = 0; row < image.length; row += rowBytes) {
    let to = row + rowBytes - 3;
    for (let from = row; from < row + rowBytes; from += 3, to -= 3) {
      target[to] = image[from] as number;
      target[to + 1] = image[from + 1] as number;
      target[to + 2] = image[from + 2] as number;
    }
  }
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function asHalfwords({ buffer, byteOffset, byteLength }: Uint8Array): Uint16Array {
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

/** Two pixels at a time, as three halfwords: half the accesses, and half the time. */
function mirrorPairs(image: Uint16Array, target: Uint16Array, rowLength: number): void {
  for (let row = 0; row < image.length; row += rowLength) {
    let to = row + rowLength - 3;
    for (let from = row; from < row + rowLength; from += 3, to -= 3) {
      const redGreen = image[from] as number;
      const blueRed = image[from + 1] as number;
      const greenBlue = image[from + 2] as number;
      target[to] = (blueRed >>> 8) | (greenBlue << 8);
      target[to + 1] = (greenBlue >>> 8) | (redGreen << 8);
      target[to + 2] = (redGreen >>> 8) | (blueRed << 8);
    }
  }
}
