import { mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CommandOptions, DlcmpError, installWheels, makeFolder } from '@dlcmp/contract';
import type { CudaMajor } from '../libraries/library-table';
import { cudaCacheDirectory } from '../libraries/search-places';
import type { PlannedPackage } from './plan-setup';

export interface CudaSetupOptions extends Partial<CommandOptions> {
  readonly major: CudaMajor;
  readonly packages: readonly PlannedPackage[];
}

/**
 * Brings wheels into the cache, where {@link searchPlaces} looks: their libraries, licences and notes, without the Python
 * around them. What was there already stays.
 *
 * @returns the folder
 * @throws `BACKEND_UNAVAILABLE` saying why each way failed and what would help
 */
export async function setupCuda(options: CudaSetupOptions): Promise<string> {
  const { major, packages, visible = false, signal } = options;
  const directory = cudaCacheDirectory(major);
  await makeFolder(dirname(directory));
  const unpacked = await mkdtemp(join(dirname(directory), 'unpacking-'));
  const requested = packages.map((planned) => planned.requested);
  try {
    await installWheels(requested, unpacked, { visible, signal });
    await keepLibraries(unpacked);
    await moveInto(unpacked, directory);
    return directory;
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `CUDA ${major}'s libraries could not be set up: ${reason}\nInstall them by other means (pip install ${requested.map((name) => `'${name}'`).join(' ')}), and name that Python in DLCMP_PYTHON, or their folder in DLCMP_CUDA.`,
      { cause },
    );
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

/** Shared libraries outside of Python's own extensions, and what a wheel says about itself. */
function isKept(path: string): boolean {
  if (/\.dist-info[/\\]/.test(path)) return true;
  if (/licen[cs]e|notice/i.test(path)) return true;
  return /\.so(\.\d+)*$/.test(path) && !/(cpython|abi3|[/\\]python[/\\]|_py|pywrap)/.test(path);
}

/** Takes everything else away: two thirds of what the frameworks' wheels hold. */
async function keepLibraries(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isDirectory() && !isKept(path.slice(directory.length))) await rm(path);
  }
  await removeEmpty(directory);
}

async function removeEmpty(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries) {
    if (entry.isDirectory()) await removeEmpty(join(directory, entry.name));
  }
  if ((await readdir(directory)).length === 0) await rmdir(directory);
}

/** Moves files one by one, so that what other wheels brought into the same folders stays. */
async function moveInto(source: string, target: string): Promise<void> {
  await makeFolder(target);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await moveInto(from, to);
    else await rename(from, to);
  }
}
