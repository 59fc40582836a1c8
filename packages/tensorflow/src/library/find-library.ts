import { DlcmpError } from '@dlcmp/contract';
import type { NativeLibrary } from '../binding/native-library';
import { cachedLibraries } from './library-cache';
import { findLibraryFiles } from './library-files';
import { loadLibrary } from './load-library';
import { namedDirectories } from './named-library';
import { pythonLibraryDirectory } from './python-library';

/** The command that brings a library. */
export const SETUP_COMMAND = 'dlcmp setup tensorflow';

/** Where a library may be: asked one after the other, each only if those before it had none that loads. */
const PLACES: readonly (readonly [name: string, directories: () => string[]])[] = [
  ['DLCMP_TENSORFLOW', namedDirectories],
  ['the cache of dlcmp setup', () => cachedLibraries()],
  ["Python's tensorflow", () => [pythonLibraryDirectory() ?? []].flat()],
];

let found: NativeLibrary | undefined;

/**
 * The first libtensorflow that loads: the one that `DLCMP_TENSORFLOW` names (a folder, or what setup was
 * given), one that setup has brought, or that of an installed Python TensorFlow. Asked again, the answer
 * is the same.
 *
 * @throws `BACKEND_UNAVAILABLE` with what was tried
 */
export function loadFirstLibrary(): NativeLibrary {
  found ??= searchLibrary();
  return found;
}

function searchLibrary(): NativeLibrary {
  const failures: string[] = [];
  for (const [place, directories] of PLACES) {
    for (const directory of directories()) {
      try {
        return loadFrom(directory);
      } catch (error) {
        failures.push(`${place}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  throw new DlcmpError(
    'BACKEND_UNAVAILABLE',
    failures.length > 0
      ? `No TensorFlow library could be loaded (${failures.join('; ')}).`
      : 'No TensorFlow library is installed.',
  );
}

function loadFrom(directory: string): NativeLibrary {
  const files = findLibraryFiles(directory);
  if (!files) {
    throw new Error(
      `${directory} is no folder with a libtensorflow for ${process.platform}; an archive is unpacked by ${SETUP_COMMAND} --from`,
    );
  }
  return loadLibrary(files);
}
