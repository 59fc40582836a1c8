import type { IncomingMessage, ServerResponse } from 'node:http';
import { isDlcmpError } from '@dlcmp/contract';
import type { ImageAnswering } from '../serving';
import { mostProbable } from './most-probable';
import { readBody } from './read-body';
import { RefusedRequest } from './refused-request';

export interface RequestHandlerOptions {
  /** Classes in an answer, the most probable first. Default 5. */
  readonly top?: number;
  /** How long an image may take to arrive, in milliseconds. Default 10,000. */
  readonly bodyTimeoutMs?: number;
}

/** As `node:http`'s `createServer` takes it. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers a POST whose body is an image file with its classes: `{"classes": [{"name": "forest", "probability": 0.97}, …]}`. What is
 * no image, too large, too late or one too many is answered with a status of 4xx or 503 and `{"error": {"code", "message"}}`; a
 * sender that has gone is computed no more.
 */
export function createRequestHandler(
  serving: ImageAnswering,
  { top = 5, bodyTimeoutMs = 10_000 }: RequestHandlerOptions = {},
): RequestHandler {
  const { maxImageBytes, maxQueue, workers } = serving.settings;
  const limits = { maxBytes: maxImageBytes, timeoutMs: bodyTimeoutMs };
  // Images that arrive take memory as those that wait do.
  const mostAtOnce = 2 * (maxQueue + workers);
  let atOnce = 0;
  const handle = async (request: IncomingMessage, signal: AbortSignal) => {
    if (request.method !== 'POST') throw onlyPost();
    if (atOnce >= mostAtOnce) throw tooMany(mostAtOnce);
    atOnce++;
    try {
      const file = await readBody(request, limits);
      return mostProbable(await serving.predictImage(file, { signal }), serving.model, top);
    } finally {
      atOnce--;
    }
  };
  return (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    // Without a listener an error of the socket would end the process.
    request.on('error', () => {});
    response.on('error', () => {});
    handle(request, gone.signal).then(
      (classes) => send(request, response, 200, { classes }),
      (error: unknown) => send(request, response, ...describe(error)),
    );
  };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  content: object,
): void {
  if (response.destroyed) return;
  const body = JSON.stringify(content);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(status === 405 && { allow: 'POST' }),
    ...(status === 503 && { 'retry-after': '1' }),
    // What is left of a body that nobody reads would be taken for the next request.
    ...(!request.complete && { connection: 'close' }),
  });
  response.end(body);
}

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  INVALID_DATA: 400,
  INVALID_ARGUMENT: 400,
  OVERLOADED: 503,
  DISPOSED: 503,
};

function describe(error: unknown): [status: number, content: object] {
  if (error instanceof RefusedRequest) return [error.status, errorBody(error.code, error.message)];
  const code = isDlcmpError(error) ? error.code : 'WORKER_FAILED';
  const status = STATUS_OF_CODE[code];
  // What a worker says of its end is not for strangers.
  if (status === undefined) return [500, errorBody(code, 'The image could not be answered.')];
  return [status, errorBody(code, (error as Error).message)];
}

function errorBody(code: string, message: string): object {
  return { error: { code, message } };
}

function onlyPost(): RefusedRequest {
  return new RefusedRequest(405, 'INVALID_ARGUMENT', 'Send an image file as the body of a POST.');
}

function tooMany(limit: number): RefusedRequest {
  return new RefusedRequest(
    503,
    'OVERLOADED',
    `${limit} images arrive or wait already. Try again later.`,
  );
}
