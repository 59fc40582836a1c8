import { type CFunctions, declareFunctions, type Pointer } from './c-functions';
import type { ForeignFunctions, ForeignLibrary } from './foreign-functions';

/** A loaded libtensorflow. */
export interface NativeLibrary {
  readonly c: CFunctions;
  readonly koffi: ForeignFunctions;
  /** The file that was loaded. */
  readonly path: string;
  /** `TF_Status` of the call in progress: everything runs on one thread. */
  readonly status: Pointer;
  /**
   * C's own. JavaScript's views of native memory would not do: each leaves something small on the heap until the event loop
   * turns, in the middle of what the tensor before has freed, so that the next tensor of the size takes new memory.
   */
  readonly memcpy: (
    to: Pointer | ArrayBufferView,
    from: Pointer | ArrayBufferView,
    size: number,
  ) => void;
}

/** What this package calls of a library that is loaded. Throws where a function is missing. */
export function nativeLibrary(
  koffi: ForeignFunctions,
  path: string,
  handle: ForeignLibrary,
): NativeLibrary {
  const c = declareFunctions(handle);
  const memcpy = koffi
    .load(process.platform === 'win32' ? 'msvcrt.dll' : null)
    .func('void memcpy(void *, void *, size_t)');
  return { c, koffi, path, status: c.TF_NewStatus(), memcpy };
}

const OK = 0;

/**
 * Throws TensorFlow's own message where the last call that took the library's status failed.
 *
 * @param subject what failed, as the op's name
 */
export function assertSucceeded({ c, status }: NativeLibrary, subject: string): void {
  if (c.TF_GetCode(status) === OK) return;
  const message = c.TF_Message(status);
  // A call that succeeds does not clear what an earlier one left.
  c.TF_SetStatus(status, OK, '');
  throw new Error(`TensorFlow could not run ${subject}: ${message}`);
}

/** Copies native memory out. */
export function readMemory(
  { memcpy }: NativeLibrary,
  address: Pointer,
  size: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  if (size > 0) memcpy(bytes, address, size);
  return bytes;
}

/** Copies numbers into native memory. */
export function writeMemory(
  { memcpy }: NativeLibrary,
  address: Pointer,
  values: ArrayBufferView,
): void {
  if (values.byteLength > 0) memcpy(address, values, values.byteLength);
}

/**
 * The address of a function that takes no notice of its arguments, for TensorFlow to call when it is done with memory that
 * stays ours.
 */
export function addressOfNothing({ koffi }: Pick<NativeLibrary, 'koffi'>): Pointer {
  const dlsym = koffi.load(null).func('void *dlsym(void *, const char *)');
  return dlsym(null, 'getpid');
}

/** Whether the library has a kernel for an op, on whatever device. */
export function hasKernelFor(library: NativeLibrary, op: string): boolean {
  const { c, status } = library;
  const buffer = c.TF_GetRegisteredKernelsForOp(op, status);
  assertSucceeded(library, `the list of kernels for ${op}`);
  const [, length] = new BigUint64Array(readMemory(library, buffer, 16).buffer);
  c.TF_DeleteBuffer(buffer);
  return length !== 0n;
}
