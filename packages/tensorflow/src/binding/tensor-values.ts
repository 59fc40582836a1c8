import type { Pointer } from './c-functions';
import {
  TF_BOOL,
  TF_COMPLEX64,
  TF_FLOAT,
  TF_INT32,
  TF_INT64,
  TF_RESOURCE,
  TF_STRING,
  TF_UINT8,
} from './data-types';
import type { EagerContext } from './eager-context';
import { executeOp } from './execute-op';
import { assertSucceeded, type NativeLibrary, readMemory, writeMemory } from './native-library';

/** What a tensor is made of: numbers, or strings as their bytes. */
export type TensorValues = ArrayBufferView | readonly Uint8Array[];

/** What a tensor is read as; `BigInt64Array` for int64, bytes for a resource's handle. */
export type ReadValues = Float32Array | Int32Array | Uint8Array | BigInt64Array | Uint8Array[];

/** Bytes of `TF_TString`. */
const STRING_BYTES = 24;

const ELEMENT_BYTES: Readonly<Record<number, number>> = {
  [TF_FLOAT]: 4,
  [TF_INT32]: 4,
  [TF_UINT8]: 1,
  [TF_BOOL]: 1,
  [TF_INT64]: 8,
  [TF_COMPLEX64]: 8,
  [TF_STRING]: STRING_BYTES,
};

/**
 * A tensor of `values` on the context's device, except that strings and int32 stay in main memory,
 * where most GPU kernels expect them.
 */
export function createHandle(
  eager: EagerContext,
  shape: readonly number[],
  type: number,
  values: TensorValues,
): Pointer {
  const handle = isNumeric(values)
    ? numericHandle(eager.library, shape, type, values)
    : stringHandle(eager, shape, values);
  return eager.isGpu && type !== TF_INT32 && type !== TF_STRING ? toDevice(eager, handle) : handle;
}

function isNumeric(values: TensorValues): values is ArrayBufferView {
  return ArrayBuffer.isView(values);
}

function numericHandle(
  library: NativeLibrary,
  shape: readonly number[],
  type: number,
  values: ArrayBufferView,
): Pointer {
  const tensor = newTensor(library, shape, type, values);
  return wrapTensor(library, tensor);
}

/** A `TF_Tensor` of numbers in main memory, which the caller deletes. */
export function newTensor(
  library: NativeLibrary,
  shape: readonly number[],
  type: number,
  values: TensorValues,
): Pointer {
  if (!isNumeric(values)) throw new Error('Strings make no tensor of numbers.');
  const { byteLength } = values;
  const expected = (ELEMENT_BYTES[type] ?? 0) * elementCount(shape);
  if (byteLength !== expected) {
    throw new Error(
      `A tensor of shape [${shape}] and TensorFlow's type ${type} takes ${expected} bytes, not ${byteLength}.`,
    );
  }
  return allocateTensor(library, type, shape, expected, (data) => {
    writeMemory(library, data, values);
  });
}

/**
 * TensorFlow frees the strings of tensors that its ops make, not of those that we make: so ours is
 * copied by an op, and freed at once.
 */
function stringHandle(
  eager: EagerContext,
  shape: readonly number[],
  values: readonly Uint8Array[],
): Pointer {
  const { library } = eager;
  const { c } = library;
  let strings: Pointer[] = [];
  const bytes = values.length * STRING_BYTES;
  const tensor = allocateTensor(library, TF_STRING, shape, bytes, (data) => {
    strings = values.map((_, index) => data + BigInt(index * STRING_BYTES));
    values.forEach((value, index) => {
      const string = strings[index] as Pointer;
      c.TF_StringInit(string);
      if (value.length > 0) c.TF_StringCopy(string, value, value.length);
    });
  });
  const handle = wrapTensor(library, tensor);
  const attributes = [{ name: 'T', type: 4, value: TF_STRING }];
  try {
    const [copy] = executeOp(eager, 'DeepCopy', attributes, [handle], 1);
    return copy as Pointer;
  } finally {
    for (const string of strings) c.TF_StringDealloc(string);
    c.TFE_DeleteTensorHandle(handle);
  }
}

/** Allocates a tensor and has `fill` write it unless it is empty. */
function allocateTensor(
  { c }: NativeLibrary,
  type: number,
  shape: readonly number[],
  bytes: number,
  fill: (data: Pointer) => void,
): Pointer {
  const sizes = BigInt64Array.from(shape, BigInt);
  const tensor = c.TF_AllocateTensor(type, sizes, shape.length, bytes);
  if (bytes > 0) fill(c.TF_TensorData(tensor) as Pointer);
  return tensor;
}

/** Wraps a tensor, which is deleted, for eager execution. */
function wrapTensor(library: NativeLibrary, tensor: Pointer): Pointer {
  const { c, status } = library;
  try {
    const handle = c.TFE_NewTensorHandle(tensor, status);
    assertSucceeded(library, 'a new tensor');
    return handle;
  } finally {
    c.TF_DeleteTensor(tensor);
  }
}

function toDevice({ library, context, device }: EagerContext, handle: Pointer): Pointer {
  const { c, status } = library;
  const moved = c.TFE_TensorHandleCopyToDevice(handle, context, device, status);
  c.TFE_DeleteTensorHandle(handle);
  assertSucceeded(library, `a copy to ${device}`);
  return moved;
}

/** A copy of what a tensor holds. */
export function readHandle(library: NativeLibrary, handle: Pointer): ReadValues {
  const { c, status } = library;
  const tensor = c.TFE_TensorHandleResolve(handle, status);
  assertSucceeded(library, 'the reading of a tensor');
  try {
    const type = c.TF_TensorType(tensor);
    return type === TF_STRING ? readStrings(library, tensor) : readNumbers(library, tensor, type);
  } finally {
    c.TF_DeleteTensor(tensor);
  }
}

const TYPED_ARRAYS: Readonly<
  Record<number, new (buffer: ArrayBuffer) => Exclude<ReadValues, Uint8Array[]>>
> = {
  [TF_FLOAT]: Float32Array,
  [TF_COMPLEX64]: Float32Array,
  [TF_INT32]: Int32Array,
  [TF_INT64]: BigInt64Array,
  [TF_BOOL]: Uint8Array,
  [TF_UINT8]: Uint8Array,
  [TF_RESOURCE]: Uint8Array,
};

function readNumbers(library: NativeLibrary, tensor: Pointer, type: number): ReadValues {
  const TypedArray = TYPED_ARRAYS[type];
  if (!TypedArray) throw new Error(`TensorFlow.js has no values of TensorFlow's type ${type}.`);
  return new TypedArray(copyBytes(library, tensor));
}

function copyBytes(library: NativeLibrary, tensor: Pointer): ArrayBuffer {
  const { c } = library;
  const size = c.TF_TensorByteSize(tensor);
  return readMemory(library, c.TF_TensorData(tensor) as Pointer, size).buffer;
}

function readStrings(library: NativeLibrary, tensor: Pointer): Uint8Array[] {
  const { c } = library;
  const data = c.TF_TensorData(tensor) as Pointer;
  return Array.from({ length: c.TF_TensorElementCount(tensor) }, (_, index) => {
    const string = data + BigInt(index * STRING_BYTES);
    const size = c.TF_StringGetSize(string);
    if (size === 0) return new Uint8Array();
    return readMemory(library, c.TF_StringGetDataPointer(string), size);
  });
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}
