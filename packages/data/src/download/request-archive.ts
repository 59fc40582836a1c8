import { DlcmpError } from '@dlcmp/contract';
import { failedResponse, failedTransfer } from './download-failure';

/** A Kaggle account's API key, from its settings page. */
export interface KaggleCredentials {
  readonly username: string;
  readonly key: string;
}

export interface ArchiveRequest {
  readonly url: string;
  readonly credentials?: KaggleCredentials | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const RANGE_NOT_SATISFIABLE = 416;

/**
 * Asks for the archive and follows redirects by hand: the credentials go to the origin of `url` and
 * to nobody it redirects to.
 *
 * @returns a response with status 200, 206 or 416
 * @throws `INVALID_DATA` for any other status, or where no server answers; `ABORTED`
 */
export async function requestArchive(request: ArchiveRequest): Promise<Response> {
  let url = new URL(request.url);
  const { origin } = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetchOnce(url, request, url.origin === origin);
    const location = response.headers.get('location');
    if (REDIRECTS.has(response.status) && location) {
      await response.body?.cancel();
      url = new URL(location, url);
      continue;
    }
    if (response.ok || response.status === RANGE_NOT_SATISFIABLE) return response;
    await response.body?.cancel();
    throw failedResponse(response, url, request.credentials !== undefined);
  }
  const message = `${request.url} redirects more than ${MAX_REDIRECTS} times. Check the address.`;
  throw new DlcmpError('INVALID_DATA', message);
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
      signal: signal ?? null,
    });
  } catch (cause) {
    throw failedTransfer(cause, url, signal);
  }
}

function basicAuthorization({ username, key }: KaggleCredentials): string {
  return `Basic ${Buffer.from(`${username}:${key}`).toString('base64')}`;
}
