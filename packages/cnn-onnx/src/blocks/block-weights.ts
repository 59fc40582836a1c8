import type { Network, Weights, WeightTensor } from '@dlcmp/contract';
import type { HeapArray, KernelPool, SharedHeap } from '@dlcmp/kernels';
import type { HeapWeights } from './block-sizes';
import { DenseWeights } from './dense-weights';
import { allocateTensors } from './heap-tensors';
import type { FrontSizes } from './split-network';

/**
 * A network's weights and state on the heap, where training and inference read them: the only copy. They have PyTorch's layout,
 * but for the matrix of the front's dense layer, by far the largest, which lies as its kernels read it.
 */
export class BlockWeights {
  /** All weights and state but that matrix, by name. */
  readonly arrays: HeapWeights;
  readonly dense: DenseWeights | undefined;
  /** Name of that matrix. */
  readonly denseName: string | undefined;
  readonly #shapes: Network['weightShapes'];
  readonly #trainedNames: readonly string[];

  constructor(
    heap: SharedHeap,
    pool: KernelPool,
    { weightShapes, stateShapes }: Network,
    { dense }: FrontSizes,
  ) {
    this.#shapes = { ...weightShapes, ...stateShapes };
    this.#trainedNames = Object.keys(weightShapes);
    this.denseName = dense && `${dense.name}.weight`;
    this.arrays = allocateTensors(heap, without(this.#shapes, this.denseName));
    this.dense = dense && new DenseWeights(heap, pool, dense);
  }

  /** What gradients move, by name, the dense layer's matrix in its place. */
  get trained(): HeapWeights {
    return Object.fromEntries(this.#trainedNames.map((name) => [name, this.#arrayOf(name)]));
  }

  /** Shapes of what gradients move, the dense layer's matrix excepted. */
  get plainShapes(): Network['weightShapes'] {
    const shapes = this.#trainedNames.map((name) => [name, this.#shapes[name] ?? []] as const);
    return without(Object.fromEntries(shapes), this.denseName);
  }

  /** Copies under PyTorch's names and layouts. */
  read(): Weights {
    return Object.fromEntries(
      Object.entries(this.#shapes).map(([name, shape]) => [
        name,
        { shape, data: this.toPyTorch(name, this.#arrayOf(name)) },
      ]),
    );
  }

  /** Replaces weights and state. */
  write(weights: Weights): void {
    for (const name of Object.keys(this.#shapes))
      this.fromPyTorch(name, (weights[name] as WeightTensor).data, this.#arrayOf(name));
  }

  /** A copy in PyTorch's layout of an array that lies as the weight of a name does: itself, its gradient, a moment. */
  toPyTorch(name: string, array: HeapArray): Float32Array {
    return this.dense && name === this.denseName ? this.dense.read(array) : array.data.slice();
  }

  /** The way back. */
  fromPyTorch(name: string, data: Float32Array, array: HeapArray): void {
    if (this.dense && name === this.denseName) this.dense.write(data, array);
    else array.data.set(data);
  }

  #arrayOf(name: string): HeapArray {
    return this.dense && name === this.denseName
      ? this.dense.matrix
      : (this.arrays[name] as HeapArray);
  }
}

function without<Value>(
  values: Readonly<Record<string, Value>>,
  name: string | undefined,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
}
