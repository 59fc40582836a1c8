import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where what can be made or fetched again is kept, decoded images and weights among it, unless a caller says otherwise: `dlcmp` under `XDG_CACHE_HOME` where
 * that is set, else under the platform's cache folder (`~/.cache`, `~/Library/Caches`,
 * `%LOCALAPPDATA%`).
 */
export function defaultCacheDirectory(): string {
  return join(platformCacheDirectory(), 'dlcmp');
}

function platformCacheDirectory(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}
