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
