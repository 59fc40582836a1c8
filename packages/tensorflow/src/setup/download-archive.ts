import { createWriteStream, existsSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { makeFolder } from '@dlcmp/contract';
import { assertDigest, statedDigest } from './file-digest';

export interface ArchiveOptions {
  /** Where the archive goes; what an interrupted download left there is gone on with. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((completedBytes: number, totalBytes: number) => void) | undefined;
}

const TENSORFLOW_ARCHIVES = 'https://storage.googleapis.com/tensorflow/versions';

/** The newest version of which TensorFlow publishes archives of its C library. */
const NEWEST_ARCHIVE = '2.18.0';

const ARCHIVE_PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x86_64.tar.gz',
  'darwin-arm64': 'darwin-arm64.tar.gz',
  'win32-x64': 'windows-x86_64.zip',
};

/** Address of TensorFlow's own C library for this platform. Throws where there is none. */
export function archiveAddress(gpu: boolean, version = NEWEST_ARCHIVE): string {
  const platform = `${process.platform}-${process.arch}`;
  const file = ARCHIVE_PLATFORMS[platform];
  if (!file) throw new Error(`TensorFlow publishes no C library for ${platform}`);
  return `${TENSORFLOW_ARCHIVES}/${version}/libtensorflow-${gpu ? 'gpu' : 'cpu'}-${file}`;
}

/**
 * Fetches `address`, from where an earlier try was cut off, if the file there is still the same. What arrives is held
 * against the hash that the address states after `#sha256=`, or that the server sends.
 *
 * @returns the path of the archive
 */
export async function downloadArchive(address: string, options: ArchiveOptions): Promise<string> {
  const { directory } = options;
  await makeFolder(directory);
  const path = join(directory, basename(new URL(address).pathname));
  const partial = `${path}.partial`;
  const response = await request(address, partial, options);
  await append(response, partial, options);
  const digest = statedDigest(address, response.headers);
  await rm(validatorFile(partial), { force: true });
  try {
    if (digest) await assertDigest(partial, digest);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await rename(partial, path);
  return path;
}

/** Beside a part of a file: the `ETag` of the whole, by which the server knows whether the rest belongs to it. */
function validatorFile(partial: string): string {
  return `${partial}.etag`;
}

async function request(
  address: string,
  partial: string,
  options: ArchiveOptions,
): Promise<Response> {
  const present = existsSync(partial) ? (await stat(partial)).size : 0;
  const validator = await readFile(validatorFile(partial), 'utf8').catch(() => undefined);
  const rest = { range: `bytes=${present}-`, ...(validator && { 'if-range': validator }) };
  const headers = present > 0 ? rest : {};
  const response = await connect(address, { headers, signal: options.signal ?? null });
  if (response.status === 416) {
    await rm(partial);
    return request(address, partial, options);
  }
  if (!response.ok || !response.body) throw new Error(`${address} answers ${response.status}`);
  const etag = response.headers.get('etag');
  if (etag?.startsWith('"')) await writeFile(validatorFile(partial), etag);
  else await rm(validatorFile(partial), { force: true });
  return response;
}

/** `fetch`, whose own error says "fetch failed" alone. */
async function connect(address: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(address, options);
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    // A cause that bundles several tries has a code, and no message of its own.
    const reason = cause?.message || cause?.code;
    if (!reason) throw error;
    throw new Error(`${new URL(address).host} cannot be reached: ${reason}`, { cause: error });
  }
}

async function append(
  { body, headers, status }: Response,
  partial: string,
  { signal, onProgress }: ArchiveOptions,
): Promise<void> {
  const present = status === 206 ? (await stat(partial)).size : 0;
  const total = present + Number(headers.get('content-length') ?? 0);
  let completed = present;
  const content = Readable.fromWeb(body as ReadableStream);
  content.on('data', (chunk: Buffer) => {
    completed += chunk.length;
    onProgress?.(completed, total);
  });
  const file = createWriteStream(partial, { flags: present > 0 ? 'a' : 'w' });
  await pipeline(content, file, { signal });
}
