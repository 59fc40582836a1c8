import type * as Koffi from 'koffi';
import type { CFunctions, Pointer } from './c-functions';

/** A loaded libtensorflow. */
export interface NativeLibrary {
  readonly c: CFunctions;
  readonly koffi: typeof Koffi;
  /** The file that was loaded. */
  readonly path: string;
  /** `TF_Status` of the call in progress: everything runs on one thread. */
  readonly status: Pointer;
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

/** Memory of TensorFlow's as bytes, which are valid for as long as TensorFlow keeps it. */
export function bytesAt({ koffi }: NativeLibrary, address: Pointer, size: number): Uint8Array {
  return new Uint8Array(koffi.view(address, size));
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
  const [, length] = new BigUint64Array(bytesAt(library, buffer, 16).buffer);
  c.TF_DeleteBuffer(buffer);
  return length !== 0n;
}
