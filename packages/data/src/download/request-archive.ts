import { assertArgument, DlcmpError } from '@dlcmp/contract';
import { failedRedirect, failedResponse, failedTransfer } from './download-failure';

/** A Kaggle account's API key, from its settings page. */
export interface KaggleCredentials {
  readonly username: string;
  readonly key: string;
}

export interface ArchiveRequest {
  readonly url: string;
  readonly credentials?: KaggleCredentials | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const RANGE_NOT_SATISFIABLE = 416;

/**
 * Asks for the archive and follows redirects by hand: the credentials go to the origin of `url` and
 * to nobody it redirects to.
 *
 * @returns a response with status 200, 206 or 416, and who gave it
 * @throws `INVALID_DATA` for any other status, a redirect to no web address, or where no server
 *   answers; `INVALID_ARGUMENT` for a `url` that is none; `ABORTED`
 */
export async function requestArchive(
  request: ArchiveRequest,
): Promise<{ response: Response; url: URL }> {
  let url = parseAddress(request.url);
  const { origin } = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetchOnce(url, request, url.origin === origin);
    const location = response.headers.get('location');
    if (REDIRECTS.has(response.status) && location) {
      await response.body?.cancel();
      url = redirected(url, location);
      continue;
    }
    if (response.ok || response.status === RANGE_NOT_SATISFIABLE) return { response, url };
    await response.body?.cancel();
    throw failedResponse(response, url, request.credentials !== undefined);
  }
  const message = `${request.url} redirects more than ${MAX_REDIRECTS} times. Check the address, or pass another with --url.`;
  throw new DlcmpError('INVALID_DATA', message);
}

/** @throws `INVALID_ARGUMENT` unless `text` is an address of the web */
export function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  assertArgument(
    url !== undefined && isWeb(url),
    `${JSON.stringify(text)} is no address that can be downloaded from: it must begin with https:// or http://. An archive that is already here is passed with --from.`,
  );
  return url;
}

function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href))
    throw failedRedirect(from, location, 'which is no address');
  const url = new URL(location, from);
  if (isWeb(url)) return url;
  throw failedRedirect(from, location, `and ${url.protocol} is not of the web (http or https)`);
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:';
}

async function fetchOnce(
  url: URL,
  { headers, credentials, signal }: ArchiveRequest,
  isOrigin: boolean,
): Promise<Response> {
  try {
    return await fetch(url, {
      headers: {
        ...headers,
        'accept-encoding': 'identity',
        ...(isOrigin && credentials && { authorization: basicAuthorization(credentials) }),
      },
      redirect: 'manual',
      signal,
    });
  } catch (cause) {
    throw failedTransfer(cause, url, signal);
  }
}

function basicAuthorization({ username, key }: KaggleCredentials): string {
  return `Basic ${Buffer.from(`${username}:${key}`).toString('base64')}`;
}
