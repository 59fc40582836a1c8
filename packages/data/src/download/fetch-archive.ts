import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DlcmpError, makeFolder } from '@dlcmp/contract';
import { failedTransfer, failedWrite, TransientFailure } from './download-failure';
import { discardPartial, openPartial } from './partial-archive';
import { type ReceiveOptions, receiveRest } from './receive-rest';
import type { StatedArchive } from './stated-archive';

export interface FetchArchiveOptions extends ReceiveOptions {
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
      const delayMs = 2 ** fruitless * (options.retryDelayMs ?? 500);
      options.onDelay?.(`${error.fault} Trying again in ${delayMs / 1000} s.`);
      await pause(delayMs, options);
    }
  }
}

async function pause(delayMs: number, { signal, url }: FetchArchiveOptions): Promise<void> {
  await sleep(delayMs, undefined, signal && { signal }).catch((cause) => {
    throw failedTransfer(cause, new URL(url), signal);
  });
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
