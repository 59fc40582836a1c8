/*
 * Where a library can be taken out of: a wheel (or any zip archive) and a tar archive. Only the library's own
 * files are unpacked, side by side into one folder, and a wheel's are held against the checksums in it.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { runCommand } from '@dlcmp/contract';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { libraryFileNames } from '../library/library-files';

/** Unpacks the library's files from `archive` into `directory`, which is there already. */
export function unpackLibrary(archive: string, directory: string): Promise<void> {
  return /\.(whl|zip)$/.test(archive)
    ? unpackZip(archive, directory)
    : unpackTar(archive, directory);
}

async function unpackZip(archive: string, directory: string): Promise<void> {
  const zip = await openPromise(archive);
  try {
    let checksums = new Map<string, string>();
    const digests = new Map<string, string>();
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('.dist-info/RECORD')) checksums = await readRecord(zip, entry);
      else if (isLibraryFile(entry.fileName)) {
        const path = join(directory, basename(entry.fileName));
        digests.set(entry.fileName, await unpackEntry(zip, entry, path));
      }
    }
    assertChecksums(digests, checksums);
  } finally {
    zip.close();
  }
}

/** tar archives are for `tar`, which Windows has as well. The names of the libraries are links to files with versions. */
async function unpackTar(archive: string, directory: string): Promise<void> {
  const everything = join(directory, 'everything');
  await mkdir(everything);
  await runCommand('tar', ['-xzf', archive, '-C', everything], { visible: false });
  const names = await readdir(everything, { recursive: true });
  for (const name of names.filter(isLibraryFile)) {
    await rename(await realpath(join(everything, name)), join(directory, basename(name)));
  }
  await rm(everything, { recursive: true });
}

function isLibraryFile(path: string): boolean {
  return libraryFileNames().has(basename(path));
}

/** Returns the SHA-256 of what it wrote. */
async function unpackEntry(zip: ZipFile, entry: Entry, path: string): Promise<string> {
  const hash = createHash('sha256');
  const content = await zip.openReadStreamPromise(entry);
  content.on('data', (chunk) => hash.update(chunk));
  await pipeline(content, createWriteStream(path, { mode: 0o755 }));
  return hash.digest('base64url');
}

/** A wheel's list of its files: `path,sha256=digest,size` in each line. */
async function readRecord(zip: ZipFile, entry: Entry): Promise<Map<string, string>> {
  const lines = (await text(await zip.openReadStreamPromise(entry))).split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const [, path, digest] = /^([^,]+),sha256=([^,]+),/.exec(line) ?? [];
      return path && digest ? [[path, digest]] : [];
    }),
  );
}

function assertChecksums(
  digests: ReadonlyMap<string, string>,
  checksums: ReadonlyMap<string, string>,
): void {
  for (const [path, digest] of digests) {
    const expected = checksums.get(path);
    if (expected !== undefined && expected !== digest) {
      throw new Error(`${path} does not have the SHA-256 that its wheel states: fetch it again`);
    }
  }
}
