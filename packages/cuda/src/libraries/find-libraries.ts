import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CUDA_LIBRARIES,
  type CudaLibraryName,
  type CudaMajor,
  type LibraryOfMajor,
  LOADING_ORDER,
  otherMajor,
} from './library-table';
import type { SearchPlace } from './search-places';

/** A library of one major. */
export interface CudaLibrary {
  readonly name: CudaLibraryName;
  readonly file: string;
}

export interface FoundLibrary extends CudaLibrary {
  readonly path: string;
  /** Name of the place where it lies. */
  readonly place: string;
}

export interface MissingLibrary extends CudaLibrary {
  /** Where the library lies in another major version, which does not serve. */
  readonly wrongMajor?: { readonly major: CudaMajor; readonly path: string };
}

export interface LibrarySearch {
  /** In the order in which they are to be loaded. */
  readonly found: readonly FoundLibrary[];
  readonly missing: readonly MissingLibrary[];
}

/** Looks for libraries of CUDA `major` in `places`, each from the first place that has it. */
export function findCudaLibraries(
  names: readonly CudaLibraryName[],
  major: CudaMajor,
  places: readonly SearchPlace[],
): LibrarySearch {
  const found: FoundLibrary[] = [];
  const missing: MissingLibrary[] = [];
  for (const name of LOADING_ORDER.filter((candidate) => names.includes(candidate))) {
    const { file } = CUDA_LIBRARIES[name][major];
    const location = locate(name, major, places);
    if (location) found.push({ name, file, ...location });
    else missing.push({ name, file, ...wrongMajor(name, otherMajor(major), places) });
  }
  return { found, missing };
}

function wrongMajor(
  name: CudaLibraryName,
  major: CudaMajor,
  places: readonly SearchPlace[],
): Pick<MissingLibrary, 'wrongMajor'> {
  const location = locate(name, major, places);
  return location ? { wrongMajor: { major, path: location.path } } : {};
}

function locate(
  name: CudaLibraryName,
  major: CudaMajor,
  places: readonly SearchPlace[],
): Pick<FoundLibrary, 'path' | 'place'> | undefined {
  const { file } = CUDA_LIBRARIES[name][major];
  for (const place of places) {
    for (const directory of place.directories) {
      const path = join(directory, file);
      if (existsSync(path) && isOfMajor(name, major, directory, place)) {
        return { path, place: place.name };
      }
    }
  }
  return undefined;
}

/** Where both majors call a file the same, the wheel that it came with tells, or the CUDA runtime beside it. */
function isOfMajor(
  name: CudaLibraryName,
  major: CudaMajor,
  directory: string,
  { packages }: SearchPlace,
): boolean {
  const [own, other] = [CUDA_LIBRARIES[name][major], CUDA_LIBRARIES[name][otherMajor(major)]];
  if (own.file !== other.file) return true;
  if (packages !== undefined && hasWheel(packages, other)) return hasWheel(packages, own);
  const runtimeOf = (version: CudaMajor) =>
    existsSync(join(directory, CUDA_LIBRARIES.cudart[version].file));
  return runtimeOf(major) || !runtimeOf(otherMajor(major));
}

/** Whether a folder of Python packages notes that the library's wheel is installed in it. */
function hasWheel(packages: string, { package: name }: LibraryOfMajor): boolean {
  if (!existsSync(packages)) return false;
  const prefix = `${name.replaceAll('-', '_')}-`;
  return readdirSync(packages).some(
    (entry) => entry.startsWith(prefix) && entry.endsWith('.dist-info'),
  );
}
