import { createRequire } from 'node:module';
import { functionNames } from '../binding/c-functions';
import { type NativeLibrary, nativeLibrary } from '../binding/native-library';
import { libraryFault, missingFunction } from './library-fault';
import { mutingStandardError } from './mute-standard-error';

const loaded = new Map<string, NativeLibrary>();

/** Flags of `dlopen`: resolve lazily, for libraries to come as well, and never unload. */
const OPEN_FLAGS: Readonly<Partial<Record<NodeJS.Platform, number>>> = {
  linux: 0x1 | 0x100 | 0x1000,
  darwin: 0x1 | 0x8 | 0x80,
};

/**
 * Loads libtensorflow into this process, where it stays.
 *
 * @param paths its files, in the order of loading
 * @throws where a file cannot be loaded or is no libtensorflow
 */
export function loadLibrary(paths: readonly string[]): NativeLibrary {
  const path = paths.at(-1) as string;
  const known = loaded.get(path);
  if (known) return known;
  const [other] = loaded.keys();
  if (other !== undefined) {
    throw new Error(
      `this process has loaded ${other} already, and can hold one TensorFlow: use ${path} in a process of its own`,
    );
  }
  for (const file of paths) {
    const fault = libraryFault(file);
    if (fault) throw new Error(fault.reason);
  }
  const missing = missingFunction(paths, functionNames());
  if (missing) throw new Error(otherVersion(path, `it has no function ${missing}`));
  const koffi = loadKoffi();
  const handles = mutingStandardError(koffi, () => {
    keepLoaded(koffi, paths);
    return paths.map((file) => koffi.load(file, { global: true, lazy: true }));
  });
  const library = functionsOf(koffi, path, handles.at(-1) as (typeof handles)[number]);
  loaded.set(path, library);
  return library;
}

function loadKoffi(): typeof import('koffi') {
  try {
    return createRequire(import.meta.url)('koffi');
  } catch (cause) {
    throw new Error(
      'koffi, which calls native libraries, has no binary for this platform here: npm install koffi --include=optional',
      { cause },
    );
  }
}

function functionsOf(...[koffi, path, handle]: Parameters<typeof nativeLibrary>): NativeLibrary {
  try {
    return nativeLibrary(koffi, path, handle);
  } catch (cause) {
    const missing = cause instanceof Error ? cause.message : String(cause);
    throw new Error(otherVersion(path, missing), { cause });
  }
}

function otherVersion(path: string, reason: string): string {
  return `${path} is no libtensorflow of TensorFlow 2, or of too old a version: ${reason}`;
}

/** koffi unloads its libraries as the process ends, which current versions of TensorFlow do not survive. */
function keepLoaded(koffi: NativeLibrary['koffi'], paths: readonly string[]): void {
  const flags = OPEN_FLAGS[process.platform];
  if (flags === undefined) return;
  const dlopen = koffi.load(null).func('void *dlopen(const char *, int)');
  for (const path of paths) dlopen(path, flags);
}
