import { createRequire } from 'node:module';
import type { ThreadFunctions } from '@dlcmp/kernels';
import type * as Koffi from 'koffi';

type RunWithBinding = (session: number, options: number, binding: number) => bigint | null;

/** ONNX Runtime's `RunWithBinding`, of which a process has one, once this thread has used it. */
let runWithBinding: RunWithBinding | undefined;

/** The name under which threads know {@link multiply}. */
export const MULTIPLY_NATIVELY = 'multiplyNatively';

/** What a thread of a pool computes beside the kernels. */
export function createFunctions(): ThreadFunctions {
  return { [MULTIPLY_NATIVELY]: multiply };
}

/** A matrix product by ONNX Runtime on this thread: {@link NativeProducts.bind} makes a call of it. */
function multiply(run: number, session: number, options: number, binding: number): void {
  runWithBinding ??= declare(run);
  if (runWithBinding(session, options, binding) !== null) {
    throw new Error('ONNX Runtime could not compute a matrix product.');
  }
}

function declare(address: number): RunWithBinding {
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  // koffi 3.3.4 crashes on a thread that calls a function before it has loaded a library.
  koffi.load(null);
  const type = koffi.proto('void *', ['uintptr_t', 'uintptr_t', 'uintptr_t']);
  return koffi.decode(BigInt(address), type);
}
