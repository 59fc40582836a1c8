import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ImageAnswering } from '../serving';
import { createRequestHandler, type RequestHandlerOptions } from './request-handler';

export interface ServeHttpOptions extends RequestHandlerOptions {
  /** Default 0: one that is free. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1: this machine alone. */
  readonly host?: string;
}

export interface HttpServer {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Takes no more connections and waits for those that are open; the serving stays open. */
  close(): Promise<void>;
}

/** How long a request's head may take, and how often that is looked after. */
const HEADERS_TIMEOUT_MS = 10_000;
const CHECK_MS = 1000;

/** Answers images over HTTP, as {@link createRequestHandler} does. */
export async function serveHttp(
  serving: ImageAnswering,
  { port = 0, host = '127.0.0.1', ...options }: ServeHttpOptions = {},
): Promise<HttpServer> {
  const timeouts = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: HEADERS_TIMEOUT_MS + (options.bodyTimeoutMs ?? 10_000),
    connectionsCheckingInterval: CHECK_MS,
  };
  const server = createServer(timeouts, createRequestHandler(serving, options));
  server.listen(port, host);
  await once(server, 'listening');
  const { address, family, port: used } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${used}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}
