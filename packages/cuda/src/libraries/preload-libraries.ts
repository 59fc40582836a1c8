import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';

/** Flags of Linux's `dlopen`: resolve lazily, for libraries to come as well, and never unload. */
const OPEN_FLAGS = 0x1 | 0x100 | 0x1000;

/**
 * Loads libraries into this process by their paths, where they stay: what is loaded later and asks for them by name gets
 * these, whatever `LD_LIBRARY_PATH` says. Linux only; elsewhere nothing happens.
 *
 * @param paths each after those that it needs
 * @throws with the loader's own words where one cannot be loaded
 */
export function preloadLibraries(paths: readonly string[]): void {
  if (process.platform !== 'linux') return;
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  const system = koffi.load(null);
  const dlopen = system.func('void *dlopen(const char *, int)');
  const dlerror = system.func('const char *dlerror()');
  for (const path of paths) {
    if (dlopen(path, OPEN_FLAGS) === null)
      throw new Error(`${path} could not be loaded: ${dlerror()}`);
  }
}
