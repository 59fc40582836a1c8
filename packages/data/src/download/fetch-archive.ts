import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DlcmpError, makeFolder } from '@dlcmp/contract';
import { failedTransfer, failedWrite, TransientFailure } from './download-failure';
import { discardPartial, openPartial, savePartialState } from './partial-archive';
import { type KaggleCredentials, requestArchive } from './request-archive';
import { contentRange, readStatedArchive, type StatedArchive } from './stated-archive';

export interface FetchArchiveOptions {
  readonly url: string;
  /** Where the archive goes; an earlier run's part of it is continued. */
  readonly path: string;
  readonly credentials?: KaggleCredentials | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes there so far and in all, where the server says how many. */
  readonly onProgress?:
    | ((receivedBytes: number, totalBytes: number | undefined) => void)
    | undefined;
  /** Wait before the first retry; doubles with each. Default 500. */
  readonly retryDelayMs?: number | undefined;
}

/** Attempts in a row that bring nothing new before the download gives up. */
const MAX_FRUITLESS_ATTEMPTS = 5;

/**
 * Downloads `url` to `path`, going on after dropped connections and after earlier runs (`Range`
 * guarded by `If-Range`, RFC 9110 §13.1.5), and holds it against the MD5 that the server states.
 *
 * @returns whether the server stated an MD5, and so the content is proven
 * @throws `INVALID_DATA` with the next step; `ABORTED`
 */
export async function fetchArchive(options: FetchArchiveOptions): Promise<{ verified: boolean }> {
  await makeFolder(dirname(options.path)).catch((cause) => {
    throw failedWrite(cause, dirname(options.path));
  });
  const stated = await receiveAll(options);
  if (stated.md5 === undefined) return { verified: false };
  const md5 = await hashFile(options.path);
  if (md5 === stated.md5) return { verified: true };
  await discardPartial(options.path);
  const message = `The archive from ${options.url} arrived damaged (MD5 ${md5}, the server states ${stated.md5}) and was removed. Run the command again.`;
  throw new DlcmpError('INVALID_DATA', message);
}

async function receiveAll(options: FetchArchiveOptions): Promise<StatedArchive> {
  let fruitless = 0;
  for (;;) {
    const before = (await openPartial(options.path, options.url)).size;
    try {
      return await receiveRest(options);
    } catch (error) {
      const after = (await openPartial(options.path, options.url)).size;
      fruitless = after > before ? 0 : fruitless + 1;
      if (!(error instanceof TransientFailure) || fruitless === MAX_FRUITLESS_ATTEMPTS) throw error;
      await pause(2 ** fruitless * (options.retryDelayMs ?? 500), options);
    }
  }
}

async function pause(delayMs: number, { signal, url }: FetchArchiveOptions): Promise<void> {
  await sleep(delayMs, undefined, signal && { signal }).catch((cause) => {
    throw failedTransfer(cause, new URL(url), signal);
  });
}

/** One request for what is still missing, written behind what is there. */
async function receiveRest(options: FetchArchiveOptions): Promise<StatedArchive> {
  const { url, path } = options;
  const partial = await openPartial(path, url);
  const { etag } = partial.stated;
  const headers: Record<string, string> =
    partial.size > 0 && etag ? { range: `bytes=${partial.size}-`, 'if-range': etag } : {};
  const response = await requestArchive({ ...options, headers });
  const range = contentRange(response.headers);
  if (response.status === 416 && range?.size === partial.size) {
    await response.body?.cancel();
    return partial.stated;
  }
  const start = response.status === 206 ? range?.start : 0;
  if (response.status === 416 || (start !== 0 && start !== partial.size)) {
    await response.body?.cancel();
    await discardPartial(path);
    throw new TransientFailure(`${url} sent another part than was asked for. Run it again.`);
  }
  const stated = { ...(start > 0 && partial.stated), ...readStatedArchive(response) };
  await savePartialState(path, url, stated).catch((cause) => {
    throw failedWrite(cause, path);
  });
  await appendBody(response, start, stated, options);
  return stated;
}

async function appendBody(
  response: Response,
  start: number,
  stated: StatedArchive,
  options: FetchArchiveOptions,
): Promise<void> {
  const file = await openForAppending(options.path, start);
  let received = start;
  try {
    options.onProgress?.(received, stated.size);
    for await (const chunk of bodyOf(response, options)) {
      await file.writeFile(chunk).catch((cause) => {
        throw failedWrite(cause, options.path);
      });
      received += chunk.length;
      options.onProgress?.(received, stated.size);
    }
  } finally {
    await file.close();
  }
  if (stated.size !== undefined && received < stated.size) {
    const ended = new Error(`it ended after ${received} of ${stated.size} bytes`);
    throw failedTransfer(ended, new URL(options.url), options.signal);
  }
}

async function openForAppending(path: string, start: number): Promise<FileHandle> {
  try {
    return await open(path, start === 0 ? 'w' : 'a');
  } catch (cause) {
    throw failedWrite(cause, path);
  }
}

async function* bodyOf(
  { body }: Response,
  { url, signal }: FetchArchiveOptions,
): AsyncGenerator<Uint8Array> {
  try {
    if (body) yield* body;
  } catch (cause) {
    throw failedTransfer(cause, new URL(url), signal);
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
