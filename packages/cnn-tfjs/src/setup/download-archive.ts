import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

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

/** Fetches `address`. Returns the path of the archive. */
export async function downloadArchive(address: string, options: ArchiveOptions): Promise<string> {
  const { directory, signal } = options;
  await mkdir(directory, { recursive: true });
  const path = join(directory, basename(new URL(address).pathname));
  const partial = `${path}.partial`;
  const present = existsSync(partial) ? (await stat(partial)).size : 0;
  const headers = present > 0 ? { range: `bytes=${present}-` } : {};
  const response = await fetch(address, { headers, signal: signal ?? null });
  if (!response.ok || !response.body) throw new Error(`${address} answers ${response.status}`);
  await append(response, partial, response.status === 206 ? present : 0, options);
  await rename(partial, path);
  return path;
}

async function append(
  { body, headers }: Response,
  partial: string,
  present: number,
  { signal, onProgress }: ArchiveOptions,
): Promise<void> {
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
