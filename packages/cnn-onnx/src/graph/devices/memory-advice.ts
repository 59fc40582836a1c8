import { DlcmpError, isDlcmpError } from '@dlcmp/contract';

/** Runs what works on `size` images together; where the GPU refuses, the error says what may help. */
export function withMemoryAdvice<Result>(size: number, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (isDlcmpError(cause)) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `The GPU could not compute with ${size} images together, for want of memory perhaps: ${message} Choose a smaller batch size.`,
      { cause },
    );
  }
}
