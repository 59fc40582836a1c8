import { createPreparation, fromFloat16, type ImageTensor, isDlcmpError } from '@dlcmp/contract';
import type { PreparationCheck } from '../process/messages';
import type { ImageClassifier } from './image-classifier';

/**
 * Holds pixels and tensors against Python's: NumPy by the definition of normalisation, and Pillow's decoding and resizing. Null where
 * the model does not run in Python.
 *
 * @param pixels of `files`, as decoded here
 */
export async function checkPreparation(
  { model, running }: ImageClassifier,
  files: readonly string[],
  pixels: Uint8Array,
): Promise<PreparationCheck | null> {
  if (!running.prepare || !running.decode) return null;
  const ours = createPreparation(model)(pixels, files.length);
  const bytes = await running.prepare(model, pixels, files.length);
  const theirs = tensorLike(ours, bytes);
  const decoded = await running.decode(model, files).catch((error: unknown) => {
    if (isDlcmpError(error)) return undefined;
    throw error;
  });
  return {
    tensor: largestDifference(numbersOf(ours), numbersOf(theirs)),
    bytes: decoded ? largestDifference(pixels, decoded) : null,
    bytesShare: decoded
      ? pixels.filter((byte, at) => byte !== decoded[at]).length / pixels.length
      : null,
  };
}

function tensorLike(tensor: ImageTensor, bytes: Uint8Array): ImageTensor {
  if (tensor instanceof Float32Array) return new Float32Array(bytes.buffer);
  return tensor instanceof Uint16Array ? new Uint16Array(bytes.buffer) : bytes;
}

function numbersOf(tensor: ImageTensor): ArrayLike<number> {
  return tensor instanceof Uint16Array ? Float32Array.from(tensor, fromFloat16) : tensor;
}

function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let at = 0; at < left.length; at++) {
    largest = Math.max(largest, Math.abs((left[at] as number) - (right[at] as number)));
  }
  return largest;
}
