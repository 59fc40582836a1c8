import { DlcmpError } from '@dlcmp/contract';

/** Ends every message whose remedy is to fetch the archive by hand. */
const BY_HAND = 'Or download the archive in a browser and pass the file with --from.';

/** A download that may succeed when it is tried again. */
export class TransientFailure extends DlcmpError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('INVALID_DATA', message, options);
  }
}

/** What an answer other than the archive means, and what to do about it. */
export function failedResponse(response: Response, url: URL, hadCredentials: boolean): DlcmpError {
  const answer = `${url.host} answered ${response.status} ${response.statusText}`.trim();
  if (response.status >= 500) return new TransientFailure(`${answer}. Try again later. ${BY_HAND}`);
  return new DlcmpError('INVALID_DATA', `${answer}. ${remedy(response, hadCredentials)}`);
}

function remedy(response: Response, hadCredentials: boolean): string {
  switch (response.status) {
    case 401:
    case 403:
      return hadCredentials
        ? `It did not accept KAGGLE_USERNAME and KAGGLE_KEY: check them on the settings page of your Kaggle account. ${BY_HAND}`
        : `Set KAGGLE_USERNAME and KAGGLE_KEY to the API key from the settings page of your Kaggle account. ${BY_HAND}`;
    case 404:
      return 'The archive is not there (any more). Check the address, or pass another with --url.';
    case 429: {
      const seconds = response.headers.get('retry-after');
      return `There were too many requests. Try again ${seconds ? `after ${seconds} (Retry-After)` : 'in some minutes'}. ${BY_HAND}`;
    }
    default:
      return `Check the address. ${BY_HAND}`;
  }
}

/** What an error of the connection means: the caller's abort, or something to try again. */
export function failedTransfer(
  cause: unknown,
  url: URL,
  signal: AbortSignal | undefined,
): DlcmpError {
  if (signal?.aborted) {
    return new DlcmpError('ABORTED', 'The download was stopped; the next one goes on from here.', {
      cause,
    });
  }
  const reason = rootMessage(cause);
  const message = `The connection to ${url.host} failed (${reason}). Check the network and run the command again: it goes on where it stopped. ${BY_HAND}`;
  return new TransientFailure(message, { cause });
}

/** What an error of the file system means while something is written under `path`. */
export function failedWrite(cause: unknown, path: string): DlcmpError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const remedy =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'The disk is full: free about 1 GB and run the command again; it goes on where it stopped.'
      : 'Choose a target folder that can be written.';
  return new DlcmpError(
    'INVALID_DATA',
    `${path} cannot be written (${code ?? message}). ${remedy}`,
    {
      cause,
    },
  );
}

/** fetch hides the reason in its error's cause. */
function rootMessage(error: unknown): string {
  const { cause, code, message } = error as NodeJS.ErrnoException;
  return cause ? rootMessage(cause) : (code ?? message);
}
