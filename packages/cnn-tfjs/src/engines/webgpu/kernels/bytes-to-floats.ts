import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { elementwise, runProgram, sizeOf, withShape } from './program';

const WORD = Int32Array.BYTES_PER_ELEMENT;

/** Bytes as float32: they go up four to a word, and are taken apart there. */
export function bytesToFloats(
  backend: WebGPUBackend,
  { bytes, shape }: { readonly bytes: Uint8Array; readonly shape: readonly number[] },
): TensorInfo {
  const size = sizeOf({ shape: [...shape] });
  const words = new Int32Array(Math.ceil(size / WORD));
  new Uint8Array(words.buffer).set(bytes.subarray(0, size));
  const packed = backend.makeTensorInfo([words.length], 'int32', words);
  const floats = runProgram(
    backend,
    elementwise({
      key: 'bytesToFloats',
      code: `result[index] = f32((words[index / ${WORD}] >> u32(8 * (index % ${WORD}))) & 255);`,
      inputs: { words: { tensor: packed, components: 1 } },
      output: { size, components: 1 },
    }),
  );
  backend.disposeData(packed.dataId);
  return withShape(floats, shape);
}
