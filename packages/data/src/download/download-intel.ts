import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { assertArgument, DlcmpError } from '@dlcmp/contract';
import type { Dataset } from '../dataset/dataset';
import { isPassedOver } from '../dataset/desktop-names';
import { openDataset } from '../dataset/open-dataset';
import { DamagedArchive } from './archive-fault';
import { failedWrite } from './download-failure';
import { extractZip } from './extract-zip';
import { fetchArchive } from './fetch-archive';
import { type KaggleCredentials, parseAddress } from './request-archive';

/** Kaggle's public endpoint of the Intel Image Classification data set (about 360 MB). */
export const INTEL_ARCHIVE_URL =
  'https://www.kaggle.com/api/v1/datasets/download/puneet6060/intel-image-classification';

export interface DownloadProgress {
  readonly phase: 'download' | 'unpack';
  readonly completedBytes: number;
  /** Absent where the server does not say. */
  readonly totalBytes?: number;
}

export interface DownloadOptions {
  /** The folder that comes to hold `seg_train`, `seg_test` and `seg_pred`; created where missing. */
  readonly target: string;
  /** A zip archive that is already there; nothing is downloaded. */
  readonly from?: string | undefined;
  /** Default {@link INTEL_ARCHIVE_URL}; not together with `from`. */
  readonly url?: string | undefined;
  /** For an endpoint that asks for them; sent to the host of `url` alone. */
  readonly credentials?: KaggleCredentials | undefined;
  /** Bytes the archive may unpack to. Default 2 GiB; the Intel archive takes about 400 MB. */
  readonly maxUnpackedBytes?: number | undefined;
  /** Wait before the first retry after a dropped connection; doubles with each. Default 500. */
  readonly retryDelayMs?: number | undefined;
  /** Silence of the server that ends an attempt. Default 30,000. */
  readonly silenceLimitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Sentences for a person who waits: that the server is silent, that an attempt failed. */
  readonly onDelay?: ((sentence: string) => void) | undefined;
}

export interface DownloadedDataset {
  readonly dataset: Dataset;
  /** Whether the archive was held against an MD5 that the server stated. */
  readonly verified: boolean;
}

const SPLITS = ['seg_train', 'seg_test', 'seg_pred'];

/** Inside the target; what a stopped run leaves there, the next one goes on from. */
const WORK_FOLDER = '.dlcmp-download';

/**
 * Brings the Intel Image Classification data set into `target`: downloads the archive (or takes the
 * one at `from`), proves it, unpacks it beside and moves the splits into place, out of a folder that
 * wraps them. What was downloaded is kept where it cannot be used, unless it is damaged.
 *
 * @throws `INVALID_ARGUMENT` where the target already holds a split, or for a `url` that is none;
 *   `INVALID_DATA` for a download that failed, with the next step; `INVALID_FILE` for an archive that
 *   is not there, damaged or refused; `ABORTED`
 */
export async function downloadIntel(options: DownloadOptions): Promise<DownloadedDataset> {
  const target = resolve(options.target);
  await assertSource(options);
  await assertFree(target, SPLITS);
  const work = join(target, WORK_FOLDER);
  const unpacked = join(work, 'unpacked');
  const archive = await obtainArchive(work, options);
  try {
    const { root } = await unpack(archive, unpacked, options);
    await moveContents(root, target);
  } catch (error) {
    // A damaged archive would be taken up again by the next run.
    const isUseless = options.from !== undefined || error instanceof DamagedArchive;
    await rm(isUseless ? work : unpacked, { recursive: true, force: true });
    throw error;
  }
  await rm(work, { recursive: true, force: true });
  return { dataset: await openDataset(target), verified: archive.verified };
}

/** What is wrong with `from` and `url` is said before anything is downloaded. */
async function assertSource({ from, url }: DownloadOptions): Promise<void> {
  assertArgument(
    from === undefined || url === undefined,
    '--from takes an archive that is here, --url one from the network: give one of the two.',
  );
  if (url !== undefined) parseAddress(url);
  if (from === undefined) return;
  const path = resolve(from);
  const refuse = (fault: string) => new DlcmpError('INVALID_FILE', `${path} ${fault}`);
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') {
      throw refuse(`cannot be opened (${cause.code}). Check its permissions.`);
    }
    throw refuse('does not exist. Check the path given with --from.');
  });
  if (found.isDirectory()) {
    throw refuse(
      'is a folder, not a zip archive. A folder of images needs no unpacking: pass it with --data.',
    );
  }
  if (!found.isFile()) throw refuse('is not a regular file. Pass a zip archive with --from.');
}

async function assertFree(target: string, names: readonly string[]): Promise<void> {
  const present = await readdir(target).catch((): string[] => []);
  const taken = names.filter((name) => present.includes(name));
  assertArgument(
    taken.length === 0,
    `${target} already holds ${taken.join(', ')}. Move it away, or choose another target.`,
  );
}

/** An archive on this machine. */
interface ObtainedArchive {
  readonly path: string;
  /** What errors call it. */
  readonly name: string;
  /** Whether its MD5 is the one that the server states. */
  readonly verified: boolean;
}

async function obtainArchive(work: string, options: DownloadOptions): Promise<ObtainedArchive> {
  const { from, url = INTEL_ARCHIVE_URL, onProgress } = options;
  if (from !== undefined) return { path: resolve(from), name: resolve(from), verified: false };
  const path = join(work, 'archive.zip.part');
  const { verified } = await fetchArchive({
    ...options,
    url,
    path,
    onProgress: (completedBytes, totalBytes) =>
      onProgress?.({
        phase: 'download',
        completedBytes,
        ...(totalBytes !== undefined && { totalBytes }),
      }),
  });
  return { path, name: `The archive from ${url}, ${path},`, verified };
}

async function unpack(
  { path, name, verified }: ObtainedArchive,
  unpacked: string,
  { from, maxUnpackedBytes = 2 * 1024 ** 3, signal, onProgress }: DownloadOptions,
): Promise<Dataset> {
  await rm(unpacked, { recursive: true, force: true });
  await extractZip(path, unpacked, {
    maxBytes: maxUnpackedBytes,
    name,
    ...(from === undefined && { whenDamaged: whenDownloaded(verified) }),
    signal,
    onProgress: (completedBytes, totalBytes) =>
      onProgress?.({ phase: 'unpack', completedBytes, totalBytes }),
  });
  return openDataset(unpacked).catch((cause: Error) => {
    // The reader knows the archive, not the folder that it was unpacked to.
    const reason = cause.message.replaceAll(unpacked, from === undefined ? 'the archive' : path);
    throw new DlcmpError('INVALID_DATA', `${name} does not hold a data set: ${reason}`, { cause });
  });
}

function whenDownloaded(verified: boolean): string {
  return verified
    ? 'The server has it so (its MD5 is as stated): take another archive with --url or --from.'
    : 'It was removed: run the command again.';
}

async function moveContents(from: string, target: string): Promise<void> {
  const names = (await readdir(from)).filter((name) => !isPassedOver(name));
  await assertFree(target, names);
  for (const name of names) {
    await rename(join(from, name), join(target, name)).catch((cause) => {
      throw failedWrite(cause, join(target, name));
    });
  }
}
