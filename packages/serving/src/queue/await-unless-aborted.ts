import { DlcmpError } from '@dlcmp/contract';

/**
 * What `begin` promises, or `ABORTED` as soon as `signal` fires; `onAbort` is called then.
 *
 * @param begin is called unless `signal` has fired before
 */
export async function awaitUnlessAborted<Result>(
  signal: AbortSignal | undefined,
  begin: () => Promise<Result>,
  onAbort: () => void,
): Promise<Result> {
  if (!signal) return begin();
  if (signal.aborted) throw aborted(signal);
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      onAbort();
      reject(aborted(signal));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([begin(), stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function aborted({ reason }: AbortSignal): DlcmpError {
  return new DlcmpError('ABORTED', 'The request was given up before it was answered.', {
    cause: reason,
  });
}
