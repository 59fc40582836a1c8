import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is noted beside a library that setup has put into the cache. */
export interface InstalledLibrary {
  /** What it was taken from: a package with its version, a file, or an address. */
  readonly source: string;
  readonly version: string;
}

/** Written last: a folder without it is not complete. */
export const NOTE_FILE = 'installed.json';

/**
 * Where setup puts TensorFlow's libraries: `dlcmp/tensorflow` under `XDG_CACHE_HOME` where that is set,
 * else under the platform's cache folder. One folder for each, and files of setup's own beside them.
 */
export function libraryCacheDirectory(): string {
  return join(platformCacheDirectory(), 'dlcmp', 'tensorflow');
}

function platformCacheDirectory(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}

/** Folders of complete libraries, the one that was set up last first; only those of `source`, if given. */
export function cachedLibraries(source?: string): string[] {
  const cache = libraryCacheDirectory();
  if (!existsSync(cache)) return [];
  return readdirSync(cache)
    .map((name) => join(cache, name))
    .filter((directory) => existsSync(join(directory, NOTE_FILE)))
    .filter((directory) => source === undefined || readNote(directory).source === source)
    .sort((one, other) => modified(other) - modified(one));
}

/** Folder of the library that was set up last; undefined where there is none. */
export function installedLibraryFolder(): string | undefined {
  return cachedLibraries()[0];
}

function readNote(directory: string): InstalledLibrary {
  return JSON.parse(readFileSync(join(directory, NOTE_FILE), 'utf8')) as InstalledLibrary;
}

function modified(directory: string): number {
  return statSync(join(directory, NOTE_FILE)).mtimeMs;
}
