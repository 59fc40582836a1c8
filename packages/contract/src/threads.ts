import { availableParallelism } from 'node:os';
import { assertArgument } from './errors';

/** As many as the machine can make use of, with room to ask for more than there are. */
const LEAST_LIMIT = 64;
const THREADS_PER_PROCESSOR = 4;

/** The most threads that may be asked for here: 64, or four for each processor where there are more than 16. */
export function mostThreads(): number {
  return Math.max(LEAST_LIMIT, THREADS_PER_PROCESSOR * availableParallelism());
}

/** Throws `INVALID_ARGUMENT` unless `threads` is absent or a whole number from 1 to {@link mostThreads}. */
export function assertThreads(threads: number | undefined): void {
  assertArgument(
    threads === undefined || (Number.isInteger(threads) && threads >= 1),
    `threads must be a whole number ≥ 1, not ${threads}.`,
  );
  assertArgument(
    threads === undefined || threads <= mostThreads(),
    `threads must be at most ${mostThreads()} on this machine of ${availableParallelism()} processors, not ${threads}: leave it out for a thread a processor.`,
  );
}
