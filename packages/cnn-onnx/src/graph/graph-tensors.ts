import { elementCount, type Weights } from '@dlcmp/contract';
import type { Tensor } from 'onnxruntime-node';
import type { OnnxRuntime } from '../runtime/onnx-runtime';

/** What a graph takes or fills: the weights' data, not copied, by the names that `rename` makes of theirs. */
export function graphTensors(
  { tensor }: OnnxRuntime,
  weights: Weights,
  rename: (name: string) => string = (name) => name,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      rename(name),
      tensor('float32', data, shape),
    ]),
  );
}

/** Zeros of `shapes`. */
export function zeroTensors(shapes: Readonly<Record<string, readonly number[]>>): Weights {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(elementCount(shape)) },
    ]),
  );
}

/** `weights`, each with memory of its own. */
export function copyTensors(weights: Weights): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );
}
