import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

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
  // A connection is never closed for having waited: the client might just be about to use it.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
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

export interface ServeOptions {
  readonly etag?: string | undefined;
  /** Which header states the MD5. Default `x-goog-hash`. */
  readonly md5?: 'x-goog-hash' | 'content-md5' | 'none';
  /** Bytes after which the connection breaks, once the client has written them to its `part`. */
  readonly dropAfter?: number;
  /** The client's file of what it has received. */
  readonly part?: string;
  /** Answers ranges with the whole. */
  readonly ignoreRange?: boolean;
}

/** Serves `content` as Google Cloud Storage does: ranges, entity tag, hashes. */
export function serve(
  content: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  {
    etag = '"v1"',
    md5 = 'x-goog-hash',
    dropAfter,
    ignoreRange = false,
    part = '',
  }: ServeOptions = {},
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
    response.write(body.subarray(0, dropAfter));
    void dropOnceWritten(response, part, (isPart ? start : 0) + dropAfter);
  }
}

/** What is sent and not yet read goes with a connection: it breaks when all is on the client's disk. */
async function dropOnceWritten(
  response: ServerResponse,
  part: string,
  bytes: number,
): Promise<void> {
  const written = async () => ((await stat(part).catch(() => undefined))?.size ?? 0) === bytes;
  while (!response.destroyed && !(await written())) await pause(5);
  response.destroy();
}
