import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { defaultCacheDirectory } from '../default-cache-directory';
import { DlcmpError } from '../errors';
import { installWheels } from '../install-wheels';
import { makeFolder } from '../make-folder';
import type { CommandOptions } from '../run-command';
import { describeOrigin, type PublishedWeights } from './published-weights';

export interface DownloadWeightsOptions extends Partial<CommandOptions> {
  /** In the place of the published address, such as a mirror's. The hash must be the same. */
  readonly url?: string | undefined;
  /** Called while an address is downloaded. */
  readonly onProgress?: ((completedBytes: number, totalBytes: number) => void) | undefined;
}

/** Where {@link downloadWeights} puts them: `dlcmp/weights` in the user's cache folder. */
export function weightsPath({ file }: PublishedWeights): string {
  return join(defaultCacheDirectory(), 'weights', file);
}

/** Whether they have been downloaded. */
export function hasWeights(published: PublishedWeights): boolean {
  return existsSync(weightsPath(published));
}

/**
 * Fetches published weights into the user's cache folder, and holds them against their hash. What is there stays.
 *
 * @returns the path of the file
 * @throws `INVALID_DATA` where they cannot be fetched, or are others than were published
 */
export async function downloadWeights(
  published: PublishedWeights,
  options: DownloadWeightsOptions = {},
): Promise<string> {
  const path = weightsPath(published);
  if (existsSync(path)) return path;
  await makeFolder(dirname(path));
  const folder = await mkdtemp(join(dirname(path), 'fetching-'));
  const arrived = join(folder, published.file);
  try {
    await fetchInto(folder, arrived, published, options);
    const digest = await sha256(arrived);
    if (!digest.startsWith(published.sha256))
      throw new Error(`the SHA-256 of what arrived is ${digest}, not ${published.sha256}…`);
    await rename(arrived, path);
    return path;
  } catch (cause) {
    options.signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'INVALID_DATA',
      `The weights ${published.name} could not be fetched from ${options.url ?? describeOrigin(published)}: ${reason}. Fetch them by other means and pass the file's path in the place of the name.`,
      { cause },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchInto(
  folder: string,
  target: string,
  { from, file }: PublishedWeights,
  { url, visible = false, signal, onProgress }: DownloadWeightsOptions,
): Promise<void> {
  if (url !== undefined) return fetchAddress(url, target, signal, onProgress);
  if ('address' in from) return fetchAddress(from.address, target, signal, onProgress);
  await installWheels([`${from.package}==${from.version}`], folder, { visible, signal });
  const names = await readdir(folder, { recursive: true });
  const found = names.find((name) => name.endsWith(file));
  if (found === undefined) throw new Error(`the package holds no ${file}`);
  await copyFile(join(folder, found), target);
}

async function fetchAddress(
  address: string,
  target: string,
  signal: AbortSignal | undefined,
  onProgress: DownloadWeightsOptions['onProgress'],
): Promise<void> {
  const response = await fetch(address, signal ? { signal } : {}).catch((error: Error) => {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    throw new Error(cause?.message || cause?.code || error.message, { cause: error });
  });
  if (!response.ok || !response.body) throw new Error(`the server answers ${response.status}`);
  const total = Number(response.headers.get('content-length') ?? 0);
  let completed = 0;
  const counted = async function* (body: AsyncIterable<Uint8Array>) {
    for await (const chunk of body) {
      completed += chunk.length;
      onProgress?.(completed, total);
      yield chunk;
    }
  };
  await writeFile(target, counted(response.body as unknown as AsyncIterable<Uint8Array>));
}

/** Hexadecimal. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
