import type { IncomingMessage } from 'node:http';
import { RefusedRequest } from './refused-request';

export interface BodyLimits {
  readonly maxBytes: number;
  /** From now until the last byte has come. */
  readonly timeoutMs: number;
}

/**
 * All of a request's body.
 *
 * @throws {@link RefusedRequest} where it is too long or too late: then the connection is to be closed, since the rest of it may still
 *   be under way; any other error where the sender has gone
 */
export async function readBody(
  request: IncomingMessage,
  { maxBytes, timeoutMs }: BodyLimits,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(tooLate(timeoutMs))), timeoutMs);
    const settle = (action: () => void) => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      action();
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) settle(() => reject(tooLong(maxBytes)));
      else chunks.push(chunk);
    };
    const onEnd = () => settle(resolve);
    const onClose = () => settle(() => reject(new Error('The sender has gone.')));
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
  return Buffer.concat(chunks, bytes);
}

function tooLong(maxBytes: number): RefusedRequest {
  return new RefusedRequest(
    413,
    'INVALID_DATA',
    `At most ${maxBytes} bytes are taken: resize the image.`,
  );
}

function tooLate(timeoutMs: number): RefusedRequest {
  return new RefusedRequest(
    408,
    'INVALID_DATA',
    `The image did not arrive within ${timeoutMs} ms. Send it again.`,
  );
}
