import { type FileHandle, open } from 'node:fs/promises';
import { BEGINNING_BYTES, beginsAsZip, ZIP_MARK_BYTES } from './describe-content';
import { failedTransfer, failedWrite, notAnArchive, TransientFailure } from './download-failure';
import { discardPartial, openPartial, savePartialState } from './partial-archive';
import { type KaggleCredentials, requestArchive } from './request-archive';
import { type SilenceWatch, watchSilence } from './silence';
import { contentRange, readStatedArchive, type StatedArchive } from './stated-archive';

export interface ReceiveOptions {
  readonly url: string;
  /** Where the archive goes; an earlier run's part of it is continued. */
  readonly path: string;
  readonly credentials?: KaggleCredentials | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes there so far and in all, where the server says how many. */
  readonly onProgress?:
    | ((receivedBytes: number, totalBytes: number | undefined) => void)
    | undefined;
  /** Silence of the server that ends an attempt. Default 30,000. */
  readonly silenceLimitMs?: number | undefined;
  /** Sentences for a person who waits: that nothing comes, that an attempt failed. */
  readonly onDelay?: ((sentence: string) => void) | undefined;
}

/**
 * One attempt: asks for what is still missing (`Range` guarded by `If-Range`, RFC 9110 §13.1.5) and
 * writes it behind what is there. A server that falls silent ends it. An answer that is no zip
 * archive changes nothing of what is there.
 *
 * @returns what the server states of the whole archive
 * @throws `INVALID_DATA`, a `TransientFailure` where trying again may help; `ABORTED`
 */
export async function receiveRest(options: ReceiveOptions): Promise<StatedArchive> {
  const { host } = new URL(options.url);
  const limitMs = options.silenceLimitMs ?? 30_000;
  const watch = watchSilence({
    limitMs,
    signal: options.signal,
    onSilence: (silentMs) =>
      options.onDelay?.(
        `Waiting for ${host}: nothing received for ${silentMs / 1000} s, and at ${limitMs / 1000} s the attempt ends.`,
      ),
  });
  try {
    return await requestRest(options, watch);
  } finally {
    watch.stop();
  }
}

/** One request for what is still missing, written behind what is there. */
async function requestRest(options: ReceiveOptions, watch: SilenceWatch): Promise<StatedArchive> {
  const { url, path, credentials } = options;
  const partial = await openPartial(path, url);
  const { etag } = partial.stated;
  const headers: Record<string, string> =
    partial.size > 0 && etag ? { range: `bytes=${partial.size}-`, 'if-range': etag } : {};
  const { response, url: server } = await requestArchive({
    url,
    credentials,
    headers,
    signal: watch.signal,
  });
  watch.heard();
  const range = contentRange(response.headers);
  if (response.status === 416 && range?.size === partial.size) {
    await response.body?.cancel();
    return partial.stated;
  }
  const start = response.status === 206 ? range?.start : 0;
  if (response.status === 416 || (start !== 0 && start !== partial.size)) {
    await response.body?.cancel();
    await discardPartial(path);
    throw new TransientFailure(`${url} sent another part than was asked for.`, 'Run it again.');
  }
  const body = await openBody(bodyOf(response, server, watch), ZIP_MARK_BYTES);
  if (start === 0 && !beginsAsZip(body.beginning)) {
    const { beginning } = await openBody(body.rest, BEGINNING_BYTES, body.beginning);
    await body.rest.return(undefined);
    const hadCredentials = credentials !== undefined;
    throw notAnArchive(beginning, server, { hadCredentials, keptBytes: partial.size });
  }
  const stated = { ...(start > 0 && partial.stated), ...readStatedArchive(response) };
  await savePartialState(path, url, stated).catch((cause) => {
    throw failedWrite(cause, path);
  });
  await appendBody(body, start, stated, options, watch);
  return stated;
}

/** A body that has been looked into. */
interface Body {
  readonly beginning: Buffer;
  /** What follows `beginning`. */
  readonly rest: AsyncGenerator<Uint8Array>;
}

/** Waits for `bytes` of a body, or its end. */
async function openBody(
  rest: AsyncGenerator<Uint8Array>,
  bytes: number,
  before: Buffer = Buffer.alloc(0),
): Promise<Body> {
  let beginning = before;
  while (beginning.length < bytes) {
    const { value, done } = await rest.next();
    if (done) break;
    beginning = Buffer.concat([beginning, value]);
  }
  return { beginning, rest };
}

async function appendBody(
  { beginning, rest }: Body,
  start: number,
  stated: StatedArchive,
  options: ReceiveOptions,
  { signal }: SilenceWatch,
): Promise<void> {
  const file = await openForAppending(options.path, start);
  let received = start;
  const append = async (chunk: Uint8Array) => {
    await file.writeFile(chunk).catch((cause) => {
      throw failedWrite(cause, options.path);
    });
    received += chunk.length;
    options.onProgress?.(received, stated.size);
  };
  try {
    options.onProgress?.(received, stated.size);
    await append(beginning);
    for await (const chunk of rest) await append(chunk);
  } finally {
    await file.close();
  }
  if (stated.size !== undefined && received < stated.size) {
    const ended = new Error(`it ended after ${received} of ${stated.size} bytes`);
    throw failedTransfer(ended, new URL(options.url), signal);
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
  server: URL,
  watch: SilenceWatch,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body ?? []) {
      watch.heard();
      yield chunk;
    }
  } catch (cause) {
    throw failedTransfer(cause, server, watch.signal);
  }
}
