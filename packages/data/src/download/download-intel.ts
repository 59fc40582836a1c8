import { readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { assertArgument, DlcmpError, isDlcmpError } from '@dlcmp/contract';
import type { Dataset } from '../dataset/dataset';
import { openDataset } from '../dataset/open-dataset';
import { failedWrite } from './download-failure';
import { extractZip } from './extract-zip';
import { fetchArchive } from './fetch-archive';
import type { KaggleCredentials } from './request-archive';

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
  /** Default {@link INTEL_ARCHIVE_URL}. */
  readonly url?: string | undefined;
  /** For an endpoint that asks for them; sent to the host of `url` alone. */
  readonly credentials?: KaggleCredentials | undefined;
  /** Bytes the archive may unpack to. Default 2 GiB; the Intel archive takes about 400 MB. */
  readonly maxUnpackedBytes?: number | undefined;
  /** Wait before the first retry after a dropped connection; doubles with each. Default 500. */
  readonly retryDelayMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
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
 * one at `from`), proves it, unpacks it beside and moves the splits into place.
 *
 * @throws `INVALID_ARGUMENT` where the target already holds a split; `INVALID_DATA` for a download
 *   that failed, with the next step; `INVALID_FILE` for a bad archive; `ABORTED`
 */
export async function downloadIntel(options: DownloadOptions): Promise<DownloadedDataset> {
  const target = resolve(options.target);
  await assertFree(target, SPLITS);
  const work = join(target, WORK_FOLDER);
  const { archive, verified } = await obtainArchive(work, options);
  const unpacked = join(work, 'unpacked');
  try {
    await unpack(archive, unpacked, options);
    await moveContents(unpacked, target);
  } catch (error) {
    // A damaged archive would be taken up again by the next run.
    const useless = isDlcmpError(error, 'INVALID_FILE') ? work : unpacked;
    await rm(useless, { recursive: true, force: true });
    throw error;
  }
  await rm(work, { recursive: true, force: true });
  return { dataset: await openDataset(target), verified };
}

async function assertFree(target: string, names: readonly string[]): Promise<void> {
  const present = await readdir(target).catch((): string[] => []);
  const taken = names.filter((name) => present.includes(name));
  assertArgument(
    taken.length === 0,
    `${target} already holds ${taken.join(', ')}. Move it away, or choose another target.`,
  );
}

async function obtainArchive(
  work: string,
  options: DownloadOptions,
): Promise<{ archive: string; verified: boolean }> {
  const { from, url = INTEL_ARCHIVE_URL, credentials, retryDelayMs, signal, onProgress } = options;
  if (from !== undefined) return { archive: resolve(from), verified: false };
  const archive = join(work, 'archive.zip.part');
  const { verified } = await fetchArchive({
    url,
    path: archive,
    credentials,
    retryDelayMs,
    signal,
    onProgress: (completedBytes, totalBytes) =>
      onProgress?.({
        phase: 'download',
        completedBytes,
        ...(totalBytes !== undefined && { totalBytes }),
      }),
  });
  return { archive, verified };
}

async function unpack(archive: string, unpacked: string, options: DownloadOptions): Promise<void> {
  const { maxUnpackedBytes = 2 * 1024 ** 3, signal, onProgress } = options;
  await rm(unpacked, { recursive: true, force: true });
  await extractZip(archive, unpacked, {
    maxBytes: maxUnpackedBytes,
    signal,
    onProgress: (completedBytes, totalBytes) =>
      onProgress?.({ phase: 'unpack', completedBytes, totalBytes }),
  });
  await openDataset(unpacked).catch((cause) => {
    const message = `${archive} does not hold a data set: ${(cause as Error).message}`;
    throw new DlcmpError('INVALID_DATA', message, { cause });
  });
}

async function moveContents(from: string, target: string): Promise<void> {
  const names = await readdir(from);
  await assertFree(target, names);
  for (const name of names) {
    await rename(join(from, name), join(target, name)).catch((cause) => {
      throw failedWrite(cause, join(target, name));
    });
  }
}
