import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ArchiveServer {
  readonly origin: string;
  /** Every request so far. */
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** A server on this machine that answers with `handler`. */
export async function startServer(handler: Handler): Promise<ArchiveServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A client on a busy machine must have read what was sent before the connection breaks. */
const DROP_DELAY_MS = 500;

export interface ServeOptions {
  readonly etag?: string | undefined;
  /** Which header states the MD5. Default `x-goog-hash`. */
  readonly md5?: 'x-goog-hash' | 'content-md5' | 'none';
  /** Bytes after which the connection breaks. */
  readonly dropAfter?: number;
  /** Answers ranges with the whole. */
  readonly ignoreRange?: boolean;
}

/** Serves `content` as Google Cloud Storage does: ranges, entity tag, hashes. */
export function serve(
  content: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  { etag = '"v1"', md5 = 'x-goog-hash', dropAfter, ignoreRange = false }: ServeOptions = {},
): void {
  const digest = createHash('md5').update(content).digest('base64');
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const isPart = start > 0 && !ignoreRange && request.headers['if-range'] === etag;
  if (isPart && start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const body = isPart ? content.subarray(start) : content;
  const hash: Record<string, string> = {
    'x-goog-hash': `crc32c=AAAAAA==,md5=${digest}`,
    'content-md5': digest,
  };
  response.writeHead(isPart ? 206 : 200, {
    'content-length': body.length,
    ...(etag && { etag }),
    ...(md5 !== 'none' && { [md5]: hash[md5] }),
    ...(isPart && {
      'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
    }),
  });
  if (dropAfter === undefined || dropAfter >= body.length) response.end(body);
  else {
    const drop = () => setTimeout(() => response.destroy(), DROP_DELAY_MS);
    response.write(body.subarray(0, dropAfter), drop);
  }
}
