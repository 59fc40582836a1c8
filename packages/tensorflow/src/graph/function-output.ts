import type { Pointer } from '../binding/c-functions';
import { TF_FLOAT } from '../binding/data-types';
import { executeOp } from '../binding/execute-op';
import type { NativeLibrary } from '../binding/native-library';
import { readHandle } from '../binding/tensor-values';
import { integer, type } from '../kernels/attributes';
import type { TensorFlowEngine } from '../start-engine';

/** A float32 result of a function that may still be running. It is read or disposed once. */
export class FunctionOutput {
  readonly handle: Pointer;
  readonly #library: NativeLibrary;

  constructor(library: NativeLibrary, handle: Pointer) {
    this.#library = library;
    this.handle = handle;
  }

  /** Waits for its numbers, and frees it. */
  read(): Float32Array {
    try {
      return readHandle(this.#library, this.handle) as Float32Array;
    } finally {
      this.dispose();
    }
  }

  dispose(): void {
    this.#library.c.TFE_DeleteTensorHandle(this.handle);
  }
}

/** Waits for scalars, brings them from the device in one copy, and frees them. */
export function readScalars(
  { backend }: TensorFlowEngine,
  scalars: readonly FunctionOutput[],
): Float32Array {
  const { eager } = backend.binding;
  const attributes = [integer('N', scalars.length), type('T', TF_FLOAT), integer('axis', 0)];
  const handles = scalars.map(({ handle }) => handle);
  const [packed] = executeOp(eager, 'Pack', attributes, handles, 1) as [Pointer];
  for (const scalar of scalars) scalar.dispose();
  return new FunctionOutput(eager.library, packed).read();
}
