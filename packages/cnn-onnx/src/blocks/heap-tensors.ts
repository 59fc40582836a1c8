import type { Weights, WeightTensor } from '@dlcmp/contract';
import type { HeapArray, SharedHeap } from '@dlcmp/kernels';
import type { HeapWeights } from './block-sizes';

/** Zeros for each of `shapes`. */
export function allocateTensors(heap: SharedHeap, shapes: Shapes): HeapWeights {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      heap.floats(shape.reduce((product, size) => product * size, 1)),
    ]),
  );
}

/** The arrays of the shapes' names as tensors, not copied. */
export function asTensors(arrays: HeapWeights, shapes: Shapes): Weights {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { shape, data: (arrays[name] as HeapArray).data } satisfies WeightTensor,
    ]),
  );
}

type Shapes = Readonly<Record<string, readonly number[]>>;
