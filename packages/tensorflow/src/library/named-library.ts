import { existsSync, statSync } from 'node:fs';
import { cachedLibraries } from './library-cache';

/*
 * What `DLCMP_TENSORFLOW` names: a folder that holds a library, or an archive of one (a wheel, `.tar.gz`, `.zip`) or its
 * address, which setup unpacks into the cache.
 */

/** Folders in which the named library may be. */
export function namedDirectories(): string[] {
  const named = process.env.DLCMP_TENSORFLOW;
  if (!named) return [];
  const archive = namedArchive();
  if (archive === undefined) return [named];
  const unpacked = cachedLibraries(archive);
  return unpacked.length > 0 ? unpacked : [archive];
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
