import { bytesPerImage, DlcmpError, isDlcmpError } from '@dlcmp/contract';
import { decodeBytes } from '@dlcmp/data';
import type { Failure, ImageAnswer, RequestImage } from '../workers/messages';
import type { OpenModel } from './open-model';

/**
 * Decodes some images and answers them in one go. An image that cannot be read has its own failure, and the others their
 * answers.
 *
 * @throws what the model throws
 */
export async function answerBatch(
  model: OpenModel,
  images: readonly RequestImage[],
  maxPixels: number,
): Promise<readonly ImageAnswer[]> {
  const decoded = await Promise.all(images.map((image) => pixelsOf(model, image, maxPixels)));
  const sound = decoded.filter((pixels) => pixels instanceof Uint8Array);
  const rows = sound.length > 0 ? await model.predict(together(sound), sound.length) : undefined;
  const columns = model.classNames.length;
  let row = 0;
  return decoded.map((pixels) => {
    if (!(pixels instanceof Uint8Array)) return { failure: pixels };
    const at = row++ * columns;
    return { probabilities: (rows as Float32Array).slice(at, at + columns) };
  });
}

async function pixelsOf(
  model: OpenModel,
  { kind, bytes }: RequestImage,
  maxPixels: number,
): Promise<Uint8Array | Failure> {
  try {
    if (kind === 'file') {
      const { inputHeight: height, inputWidth: width, resize } = model;
      return await decodeBytes(bytes, { height, width, resize, maxPixels });
    }
    assertOneImage(bytes, model);
    return bytes;
  } catch (error) {
    return failureOf(error);
  }
}

function assertOneImage(bytes: Uint8Array, model: OpenModel): void {
  const expected = bytesPerImage(model);
  if (bytes.length === expected) return;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `The image has ${bytes.length} bytes, but the RGB pixels of ${model.inputWidth}×${model.inputHeight} take ${expected}. Resize it first, or pass the file to predictImage.`,
  );
}

/** An error as it travels to the process that asked. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: isDlcmpError(error) ? error.code : 'WORKER_FAILED', message };
}

function together(images: readonly Uint8Array[]): Uint8Array {
  const [first] = images;
  if (first && images.length === 1) return first;
  const whole = new Uint8Array(images.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const image of images) {
    whole.set(image, at);
    at += image.length;
  }
  return whole;
}
