/** Seconds on a clock that never goes back. Injected, so that tests can turn the hands. */
export type Clock = () => number;

/** Node's monotonic clock. */
export const monotonicClock: Clock = () => Number(process.hrtime.bigint()) / 1e9;

/** Runs `work` and returns its result with the seconds it took. */
export async function timed<T>(
  clock: Clock,
  work: () => Promise<T>,
): Promise<{ result: T; seconds: number }> {
  const start = clock();
  const result = await work();
  return { result, seconds: clock() - start };
}
