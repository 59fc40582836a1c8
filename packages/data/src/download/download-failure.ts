import { DlcmpError } from '@dlcmp/contract';
import { describeContent, excerptOf } from './describe-content';
import { ServerSilent } from './silence';

/** Ends every message whose remedy is to fetch the archive by hand. */
const BY_HAND = 'Or download the archive in a browser and pass the file with --from.';

/** A download that may succeed when it is tried again. */
export class TransientFailure extends DlcmpError {
  /** What happened, in a sentence without the remedy. */
  readonly fault: string;

  constructor(fault: string, remedy: string, options?: { cause?: unknown }) {
    super('INVALID_DATA', `${fault} ${remedy}`, options);
    this.fault = fault;
  }
}

/** What an answer other than the archive means, and what to do about it. */
export function failedResponse(response: Response, url: URL, hadCredentials: boolean): DlcmpError {
  const answer = `${url.host} answered ${response.status} ${response.statusText}`.trim();
  if (response.status >= 500)
    return new TransientFailure(`${answer}.`, `Try again later. ${BY_HAND}`);
  return new DlcmpError('INVALID_DATA', `${answer}. ${remedy(response, hadCredentials)}`);
}

function remedy(response: Response, hadCredentials: boolean): string {
  switch (response.status) {
    case 401:
    case 403:
      return `${aboutCredentials(hadCredentials)} ${BY_HAND}`;
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

function aboutCredentials(hadCredentials: boolean): string {
  return hadCredentials
    ? 'It did not accept KAGGLE_USERNAME and KAGGLE_KEY: check them on the settings page of your Kaggle account.'
    : 'Set KAGGLE_USERNAME and KAGGLE_KEY to the API key from the settings page of your Kaggle account.';
}

/** What it means that a server answers with something else than a zip archive, a page to sign in say. */
export function notAnArchive(
  beginning: Buffer,
  url: URL,
  { hadCredentials, keptBytes }: { hadCredentials: boolean; keptBytes: number },
): DlcmpError {
  const excerpt = excerptOf(beginning);
  const content = describeContent(beginning) ?? 'something else';
  const answer = `${url.host} answered with ${content}${excerpt && `, "${excerpt}",`} and not with a zip archive.`;
  const kept =
    keptBytes > 0
      ? ` The ${keptBytes} bytes that came before are kept, and the next run goes on from there.`
      : '';
  const reason = `Where it asks for an account: ${aboutCredentials(hadCredentials)} Where a network asks you to sign in first, do so in a browser.`;
  return new DlcmpError('INVALID_DATA', `${answer}${kept} ${reason} ${BY_HAND}`);
}

/** What it means that a server sends the client on to where nothing can be fetched. */
export function failedRedirect(from: URL, location: string, fault: string): DlcmpError {
  const message = `${from.host} redirects to ${JSON.stringify(location)}, ${fault}. Check the address given with --url. ${BY_HAND}`;
  return new DlcmpError('INVALID_DATA', message);
}

/** What an error of the connection means: the caller's abort, or something to try again. */
export function failedTransfer(
  cause: unknown,
  url: URL,
  signal: AbortSignal | undefined,
): DlcmpError {
  if (signal?.aborted && !(signal.reason instanceof ServerSilent)) {
    return new DlcmpError('ABORTED', 'The download was stopped; the next one goes on from here.', {
      cause,
    });
  }
  return new TransientFailure(
    `The connection to ${url.host} failed (${rootMessage(cause)}).`,
    `Check the network and run the command again: it goes on where it stopped. ${BY_HAND}`,
    { cause },
  );
}

/** What an error of the file system means while something is written under `path`. */
export function failedWrite(cause: unknown, path: string): DlcmpError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const fault = `${path} cannot be written (${code ?? message}).`;
  return new DlcmpError('INVALID_DATA', `${fault} ${writeRemedy(code)}`, { cause });
}

function writeRemedy(code: string | undefined): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full: free about 1 GB and run the command again; it goes on where it stopped.';
    case 'ENAMETOOLONG':
      return 'Its name is too long for this disk: choose a target folder with a shorter path.';
    case 'EMFILE':
    case 'ENFILE':
      return 'Too many files are open: close other programs, or raise the limit (ulimit -n).';
    default:
      return 'Choose a target folder that can be written.';
  }
}

/** fetch hides the reason in its error's cause. */
function rootMessage(error: unknown): string {
  const { cause, code, message } = error as NodeJS.ErrnoException;
  if (cause) return rootMessage(cause);
  return typeof code === 'string' ? code : message;
}
