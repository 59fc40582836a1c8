import { assertArgument } from '@dlcmp/contract';

/** Throws `INVALID_ARGUMENT` unless `threads` is absent or a whole number ≥ 1. */
export function assertThreads(threads: number | undefined): void {
  assertArgument(
    threads === undefined || (Number.isInteger(threads) && threads >= 1),
    `threads must be a whole number ≥ 1, not ${threads}.`,
  );
}
