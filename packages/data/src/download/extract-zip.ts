import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DlcmpError, makeFolder } from '@dlcmp/contract';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { throwIfStopped } from '../images/map-concurrently';
import { checkCrc32 } from './crc32';
import { failedWrite } from './download-failure';

export interface ExtractOptions {
  /** More unpacked bytes than this are refused before anything is written. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Bytes unpacked so far and in all. */
  readonly onProgress?: ((unpackedBytes: number, totalBytes: number) => void) | undefined;
}

const MAX_ENTRIES = 1_000_000;
const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/**
 * Unpacks `archive` into the folder `target`. Every entry is looked at before the first is written:
 * a name that leaves the folder (`..`, absolute, backslash), a symbolic link, an encrypted entry or
 * too many bytes refuse the whole archive. Each file is held against its size and CRC-32.
 *
 * @throws `INVALID_FILE` for an archive that is damaged or refused; `INVALID_DATA` where the disk
 *   refuses; `ABORTED`
 */
export async function extractZip(
  archive: string,
  target: string,
  options: ExtractOptions,
): Promise<void> {
  const zipOptions = { lazyEntries: true, autoClose: false, strictFileNames: true };
  const zip = await orInvalid(archive, () => openPromise(archive, zipOptions));
  try {
    const entries = await orInvalid(archive, () => listEntries(zip, options.maxBytes));
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    let unpacked = 0;
    for (const entry of entries) {
      throwIfStopped(options.signal, 'Unpacking');
      await orInvalid(archive, () => extractEntry(zip, entry, target));
      unpacked += entry.uncompressedSize;
      options.onProgress?.(unpacked, total);
    }
  } finally {
    zip.close();
  }
}

async function listEntries(zip: ZipFile, maxBytes: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    assertHarmless(entry);
    entries.push(entry);
    total += entry.uncompressedSize;
    if (total > maxBytes) throw new Error(`it unpacks to more than ${maxBytes} bytes`);
    if (entries.length > MAX_ENTRIES) throw new Error(`it has more than ${MAX_ENTRIES} entries`);
  }
  return entries;
}

/** yauzl has refused names that leave the target folder before it hands an entry over. */
function assertHarmless(entry: Entry): void {
  const unixMode = entry.externalFileAttributes >>> 16;
  if ((unixMode & FILE_TYPE_MASK) === SYMBOLIC_LINK) {
    throw new Error(`${entry.fileName} is a symbolic link`);
  }
  if (!entry.canDecodeFileData()) {
    throw new Error(`${entry.fileName} is encrypted or packed by an unknown method`);
  }
}

async function extractEntry(zip: ZipFile, entry: Entry, target: string): Promise<void> {
  const path = join(target, entry.fileName);
  const isFolder = entry.fileName.endsWith('/');
  await makeFolder(isFolder ? path : dirname(path));
  if (isFolder) return;
  const content = await zip.openReadStreamPromise(entry);
  await pipeline(
    content,
    checkCrc32(entry.crc32, entry.fileName),
    createWriteStream(path, { flags: 'wx' }),
  );
}

async function orInvalid<Result>(archive: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const { syscall, path, message } = cause as NodeJS.ErrnoException;
    if (syscall !== undefined && path !== archive) throw failedWrite(cause, path ?? 'The target');
    const fault = `${archive} cannot be unpacked: ${message}. Download it again.`;
    throw new DlcmpError('INVALID_FILE', fault, { cause });
  }
}
