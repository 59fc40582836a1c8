import {
  bytesPerImage,
  type Classifier,
  type ImageSize,
  type LabelledImages,
} from '@dlcmp/contract';

/** Takes answers that were timed, for the images from `first` on, going round. */
export type KeepAnswers = (what: string, first: number, answers: Float32Array) => void;

/** Probabilities of all `images`, asked for `batchSize` at a time: [count × classes]. */
export async function predictBatches(
  classifier: Classifier,
  images: LabelledImages,
  size: ImageSize,
  batchSize: number,
): Promise<Float32Array> {
  const bytes = bytesPerImage(size);
  const answers: Float32Array[] = [];
  for (let start = 0; start < images.count; start += batchSize) {
    const count = Math.min(batchSize, images.count - start);
    const pixels = images.pixels.subarray(start * bytes, (start + count) * bytes);
    answers.push(await classifier.predict(pixels, count));
  }
  return concatenate(answers);
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
