import { DlcmpError, hasMusl } from '@dlcmp/contract';
import type { NativeLibrary } from '../binding/native-library';
import { cachedLibraries } from './library-cache';
import { libraryFault } from './library-fault';
import { findLibraryFiles } from './library-files';
import { loadLibrary } from './load-library';
import { namedDirectory } from './named-library';
import { pythonLibraryDirectory } from './python-library';

/** The command that brings a library. */
export const SETUP_COMMAND = 'dlcmp setup tensorflow';

/** There is no library that loads: why, and what helps. */
export interface MissingLibrary {
  readonly reason: string;
  readonly remedy: string;
}

/** What helps under musl, where setup has none to bring. */
export const MUSL_REMEDY =
  'TensorFlow is published for glibc, and this system has musl: take an image of Debian, or the contender tfjs:wasm, or name one built for musl in DLCMP_TENSORFLOW.';

let found: NativeLibrary | undefined;

/**
 * The libtensorflow that `DLCMP_TENSORFLOW` names (a folder, or what setup was given), and no other where it is set; else the
 * newest one that setup has brought for this machine; else that of an installed Python TensorFlow. Asked again, the answer
 * is the same.
 *
 * @throws `BACKEND_UNAVAILABLE` with what was tried, and what helps
 */
export function loadFirstLibrary(): NativeLibrary {
  const library = findLibrary();
  if ('reason' in library) {
    throw new DlcmpError('BACKEND_UNAVAILABLE', `${library.reason} ${library.remedy}`);
  }
  return library;
}

/** What {@link loadFirstLibrary} loads, or why it cannot. */
export function findLibrary(): NativeLibrary | MissingLibrary {
  if (found) return found;
  const library = process.env.DLCMP_TENSORFLOW ? namedLibrary() : installedLibrary();
  if (!('reason' in library)) found = library;
  return library;
}

function namedLibrary(): NativeLibrary | MissingLibrary {
  const named = namedDirectory();
  const library = 'reason' in named ? named : loadFrom(named.directory);
  if (!('reason' in library)) return library;
  return {
    reason: `DLCMP_TENSORFLOW names ${process.env.DLCMP_TENSORFLOW}: ${library.reason}.`,
    remedy:
      'Name a folder that holds a libtensorflow, or a wheel, .tar.gz or .zip of one, or its address; or unset it.',
  };
}

/** One that is for another machine is passed over, as machines may share a cache; one that is damaged is not. */
function installedLibrary(): NativeLibrary | MissingLibrary {
  const reasons: string[] = [];
  const places = [() => cachedLibraries(), () => [pythonLibraryDirectory() ?? []].flat()];
  for (const directories of places) {
    for (const directory of directories()) {
      const library = loadFrom(directory);
      if (!('reason' in library)) return library;
      reasons.push(library.reason);
      if (library.isDamaged) return missing(reasons);
    }
  }
  return missing(reasons);
}

function missing(reasons: readonly string[]): MissingLibrary {
  return {
    reason:
      reasons.length > 0
        ? `No TensorFlow library can be loaded: ${reasons.join('; ')}.`
        : 'No TensorFlow library is installed.',
    remedy: hasMusl() ? MUSL_REMEDY : `Run: ${SETUP_COMMAND}`,
  };
}

/** Why a library of one folder is not loaded. */
interface NotLoaded {
  readonly reason: string;
  readonly isDamaged: boolean;
}

function loadFrom(directory: string): NativeLibrary | NotLoaded {
  const files = findLibraryFiles(directory);
  if (!files) {
    const reason = `${directory} is no folder with a libtensorflow for ${process.platform}`;
    return { reason, isDamaged: false };
  }
  for (const file of files) {
    const fault = libraryFault(file);
    if (fault) return { reason: fault.reason, isDamaged: fault.kind === 'damaged' };
  }
  try {
    return loadLibrary(files);
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error), isDamaged: false };
  }
}
