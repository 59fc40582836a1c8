import { DlcmpError } from '@dlcmp/contract';

/** Throws `ABORTED`, naming the `task`, when `signal` has fired. */
export function throwIfStopped(signal: AbortSignal | undefined, task: string): void {
  if (!signal?.aborted) return;
  throw new DlcmpError(
    'ABORTED',
    `${task} was stopped before its end. Start it again where it is wanted.`,
    {
      cause: signal.reason,
    },
  );
}

export interface ConcurrentOptions {
  /** Calls under way at once. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  /** What is being done, for the message of `ABORTED`. */
  readonly task: string;
  /** Called after each item. */
  readonly onProgress?: ((completed: number, total: number) => void) | undefined;
}

/**
 * `work` on every item, several at once, results in the items' order. The first failure stops the
 * rest; those under way are awaited, so that nothing runs on after this has thrown.
 *
 * @throws `ABORTED`, and whatever `work` throws
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  options: ConcurrentOptions,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let started = 0;
  let completed = 0;
  let failed = false;
  const worker = async () => {
    while (started < items.length && !failed) {
      const index = started++;
      try {
        throwIfStopped(options.signal, options.task);
        results[index] = await work(items[index] as Item, index);
      } catch (error) {
        failed = true;
        throw error;
      }
      options.onProgress?.(++completed, items.length);
    }
  };
  const workers = Array.from({ length: Math.min(options.concurrency, items.length) }, worker);
  const outcomes = await Promise.allSettled(workers);
  const rejected = outcomes.find((outcome) => outcome.status === 'rejected');
  if (rejected) throw rejected.reason;
  return results;
}
