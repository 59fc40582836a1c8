import type { Pointer } from './c-functions';
import { TF_FLOAT, TF_INT32 } from './data-types';
import type { EagerContext } from './eager-context';
import { assertSucceeded } from './native-library';
import { createHandle, type TensorValues } from './tensor-values';

/** Constants kept; a program that makes other ones all the time starts over. */
const CAPACITY = 1024;

/** Axes, shapes and strides are not longer. */
const LONGEST = 8;

/**
 * Makes tensors, and keeps those of a few numbers that come again with every step: shapes and axes, and on a GPU factors and
 * rates. A copy from main memory to a GPU waits until it has done all that was asked of it before, so that a
 * training step's dozens of numbers would each bring it to a halt.
 */
export class SharedConstants {
  readonly #eager: EagerContext;
  readonly #handles = new Map<string, Pointer>();

  constructor(eager: EagerContext) {
    this.#eager = eager;
  }

  /** A handle that the caller deletes; see {@link createHandle}. */
  create(shape: readonly number[], type: number, values: TensorValues): Pointer {
    if (!this.#isShared(shape, type, values)) {
      return createHandle(this.#eager, shape, type, values);
    }
    const key = `${type} ${shape} ${values}`;
    const kept = this.#handles.get(key) ?? this.#keep(key, shape, type, values);
    const { c, status } = this.#eager.library;
    const shared = c.TFE_TensorHandleCopySharingTensor(kept, status);
    assertSucceeded(this.#eager.library, 'a constant');
    return shared;
  }

  /** Frees what is kept. */
  clear(): void {
    const { c } = this.#eager.library;
    for (const handle of this.#handles.values()) c.TFE_DeleteTensorHandle(handle);
    this.#handles.clear();
  }

  #isShared(shape: readonly number[], type: number, values: TensorValues): boolean {
    if (type === TF_INT32) return values instanceof Int32Array && values.length <= LONGEST;
    const isNumber = type === TF_FLOAT && shape.length === 0 && values instanceof Float32Array;
    return isNumber && this.#eager.isGpu;
  }

  #keep(key: string, shape: readonly number[], type: number, values: TensorValues): Pointer {
    if (this.#handles.size === CAPACITY) this.clear();
    const handle = createHandle(this.#eager, shape, type, values);
    this.#handles.set(key, handle);
    return handle;
  }
}
