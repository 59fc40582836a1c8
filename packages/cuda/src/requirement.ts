import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CudaLibraryName, CudaMajor } from './libraries/library-table';
import { type SearchPlace, searchPlaces } from './libraries/search-places';

/** The native library of a framework in its build for CUDA. */
export interface FrameworkFiles {
  /** The Python package whose wheel holds it, with its version: `onnxruntime-gpu==1.30.0`. */
  readonly package: string;
  /** Its wheel, in MB to download. */
  readonly megabytes: number;
  readonly licence: string;
  /** Its files in a folder of Python packages, the one to load last. */
  readonly files: readonly string[];
}

/** What computes on an NVIDIA GPU, and what it needs for that. */
export interface CudaRequirement {
  /** Who needs it, for messages: `ONNX Runtime`. */
  readonly consumer: string;
  readonly major: CudaMajor;
  readonly libraries: readonly CudaLibraryName[];
  readonly framework: FrameworkFiles;
}

/** The framework's files and where they lie; undefined where no place has all of them. */
export function findFrameworkFiles(
  { framework, major }: CudaRequirement,
  places: readonly SearchPlace[] = searchPlaces(major),
): { readonly paths: readonly string[]; readonly place: string } | undefined {
  for (const { name, packages } of places) {
    if (packages === undefined) continue;
    const paths = framework.files.map((file) => join(packages, file));
    if (paths.every((path) => existsSync(path)) && isRightWheel(packages, framework)) {
      return { paths, place: name };
    }
  }
  return undefined;
}

/** Another wheel, `tensorflow-cpu`, has files of the same names. A plain folder has no notes of wheels. */
function isRightWheel(packages: string, { package: requested }: FrameworkFiles): boolean {
  const [name = ''] = requested.split('==');
  const stem = name.split('-', 1)[0] as string;
  const wheels = readdirSync(packages)
    .filter((entry) => entry.endsWith('.dist-info') && /^[^-]+/.exec(entry)?.[0].startsWith(stem))
    .map((entry) => entry.split('-', 1)[0]);
  return wheels.length === 0 || wheels.includes(name.replaceAll('-', '_'));
}
