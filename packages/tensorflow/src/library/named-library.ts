import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { cachedLibraries } from './library-cache';

/*
 * What `DLCMP_TENSORFLOW` names: a folder that holds a library, or an archive of one (a wheel, `.tar.gz`, `.zip`) or its
 * address, which setup unpacks into the cache.
 */

/** The folder in which the named library is, or why there is none. */
export function namedDirectory(): { readonly directory: string } | { readonly reason: string } {
  const named = process.env.DLCMP_TENSORFLOW ?? '';
  const archive = namedArchive();
  if (archive === undefined) return namedFolder(named);
  const [directory] = cachedLibraries(archive);
  if (directory !== undefined) return { directory };
  const isThere = isAddress(archive) || existsSync(archive);
  return { reason: isThere ? 'it is not unpacked yet' : 'there is no such file' };
}

function namedFolder(path: string): { readonly directory: string } | { readonly reason: string } {
  if (!existsSync(path)) return { reason: 'there is no such file or folder' };
  if (isDirectory(path)) return { directory: path };
  return { reason: `it is a file, and no archive; the folder it is in is ${dirname(path)}` };
}

/** The named archive or address; undefined where there is none, or a folder is named. */
export function namedArchive(): string | undefined {
  const named = process.env.DLCMP_TENSORFLOW;
  if (!named) return undefined;
  if (isAddress(named)) return named;
  const isFolder = !/\.(whl|zip|tgz|tar\.gz)$/.test(named) || isDirectory(named);
  return isFolder ? undefined : named;
}

/** The named archive, if it is still to be unpacked. */
export function packedArchive(): string | undefined {
  const archive = namedArchive();
  return archive !== undefined && cachedLibraries(archive).length === 0 ? archive : undefined;
}

export function isAddress(from: string): boolean {
  return /^https?:/.test(from);
}

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
