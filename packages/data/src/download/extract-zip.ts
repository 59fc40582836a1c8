import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DlcmpError, makeFolder } from '@dlcmp/contract';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { throwIfStopped } from '../images/map-concurrently';
import { DamagedArchive, RefusedArchive, UNPACK_YOURSELF } from './archive-fault';
import { checkCrc32 } from './crc32';
import { BEGINNING_BYTES, beginsAsZip, describeContent } from './describe-content';
import { failedWrite } from './download-failure';
import { listEntries } from './list-entries';

export interface ExtractOptions {
  /** More unpacked bytes than this are refused before anything is written. */
  readonly maxBytes: number;
  /** What errors call the archive. Default: its path. */
  readonly name?: string | undefined;
  /** Next step where the archive is damaged. Default: to download it again. */
  readonly whenDamaged?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes unpacked so far and in all. */
  readonly onProgress?: ((unpackedBytes: number, totalBytes: number) => void) | undefined;
}

/**
 * Unpacks `archive` into the folder `target`. Every entry is looked at before the first is written:
 * a name that leaves the folder (`..`, absolute) and whatever {@link listEntries} refuses refuse the
 * whole archive. Backslashes separate folders. Each file is held against its size and CRC-32.
 *
 * @throws `INVALID_FILE` for an archive that is not there, is none, is damaged
 *   ({@link DamagedArchive}) or refused; `INVALID_DATA` where the disk refuses; `ABORTED`
 */
export async function extractZip(
  archive: string,
  target: string,
  options: ExtractOptions,
): Promise<void> {
  await assertZip(archive, options);
  const work = <Result>(run: () => Promise<Result>) => withReason(archive, options, run);
  const zip = await work(() => openPromise(archive, { lazyEntries: true, autoClose: false }));
  try {
    const entries = await work(() => listEntries(zip, options.maxBytes));
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    let unpacked = 0;
    for (const entry of entries) {
      throwIfStopped(options.signal, 'Unpacking');
      await work(() => extractEntry(zip, entry, target));
      unpacked += entry.uncompressedSize;
      options.onProgress?.(unpacked, total);
    }
  } finally {
    zip.close();
  }
}

/** Refuses what does not begin as a zip archive, and says what it is instead. */
async function assertZip(archive: string, { name = archive }: ExtractOptions): Promise<void> {
  const beginning = await readBeginning(archive);
  if (beginsAsZip(beginning)) return;
  const content = describeContent(beginning);
  const remedy =
    content === 'a web page (HTML)'
      ? 'Sign in where it came from and save the archive itself.'
      : 'Pass the zip file itself, or unpack what it is and pass the folder with --data.';
  const fault = content === undefined ? 'not a zip archive' : `${content}, not a zip archive`;
  throw new DlcmpError('INVALID_FILE', `${name} is ${fault}. ${remedy}`);
}

async function readBeginning(path: string): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { bytesRead, buffer } = await file.read(
      Buffer.alloc(BEGINNING_BYTES),
      0,
      BEGINNING_BYTES,
      0,
    );
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} cannot be read (${code}). Check its permissions and its disk.`,
      {
        cause,
      },
    );
  } finally {
    await file?.close();
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

/** What yauzl says of names that leave the target, and of archives in several files. */
const REFUSED_BY_YAUZL = /^(absolute path|invalid relative path|invalid characters|multi-disk)/;

async function withReason<Result>(
  archive: string,
  { name = archive, whenDamaged = 'Download it again.' }: ExtractOptions,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    const { syscall, path, message, code } = cause as NodeJS.ErrnoException;
    const refuse = (fault: string, remedy: string) =>
      new DlcmpError('INVALID_FILE', `${name} ${fault}. Nothing was unpacked. ${remedy}`, {
        cause,
      });
    if (cause instanceof RefusedArchive) throw refuse(message, cause.remedy);
    if (REFUSED_BY_YAUZL.test(message)) throw refuse(`is refused: ${message}`, UNPACK_YOURSELF);
    if (code === 'EEXIST') {
      throw refuse(`holds ${path} twice, in letters of another case`, UNPACK_YOURSELF);
    }
    if (syscall !== undefined && path !== archive) throw failedWrite(cause, path ?? 'The target');
    throw new DamagedArchive(`${name} is damaged or not complete: ${message}. ${whenDamaged}`, {
      cause,
    });
  }
}
