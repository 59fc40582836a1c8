import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { CudaMajor } from './library-table';

/** Somewhere native libraries may lie. */
export interface SearchPlace {
  /** For messages: `Python's packages`. */
  readonly name: string;
  /** A folder of Python packages (site-packages), where the place is one. */
  readonly packages?: string;
  /** Folders that may hold library files themselves. */
  readonly directories: readonly string[];
}

/**
 * Where setup puts the wheels for one major version: `dlcmp/cuda/12` or `13` under `XDG_CACHE_HOME`, else under the
 * user's cache folder.
 */
export function cudaCacheDirectory(major: CudaMajor): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(cache, 'dlcmp', 'cuda', String(major));
}

/**
 * Where CUDA's libraries are looked for, first come first: the folders that `DLCMP_CUDA` names and no others, or
 * else what setup has brought, the user's Python packages (`DLCMP_PYTHON`, else `python3`), and the system.
 */
export function searchPlaces(major: CudaMajor): SearchPlace[] {
  const named = process.env.DLCMP_CUDA;
  if (named) return split(named).map((folder) => packagesPlace(`DLCMP_CUDA (${folder})`, folder));
  return [
    packagesPlace('the cache of dlcmp setup cuda', cudaCacheDirectory(major)),
    ...pythonPackageFolders().map((folder) => packagesPlace(`Python's packages`, folder)),
    { name: 'the system', directories: systemDirectories(major) },
  ];
}

/** A folder of Python packages; its own files count too, so that a plain folder of libraries serves. */
function packagesPlace(name: string, packages: string): SearchPlace {
  const nvidia = join(packages, 'nvidia');
  const components = existsSync(nvidia) ? readdirSync(nvidia) : [];
  const directories = components.map((component) => join(nvidia, component, 'lib'));
  return { name, packages, directories: [...directories, packages, join(packages, 'lib')] };
}

function systemDirectories(major: CudaMajor): string[] {
  const { CUDA_HOME, CUDA_PATH, LD_LIBRARY_PATH = '' } = process.env;
  const toolkits = [CUDA_HOME, CUDA_PATH, `/usr/local/cuda-${major}`, '/usr/local/cuda'];
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return [
    ...split(LD_LIBRARY_PATH),
    ...toolkits.flatMap((toolkit) =>
      toolkit ? [join(toolkit, 'lib64'), join(toolkit, 'lib')] : [],
    ),
    `/usr/lib/${architecture}-linux-gnu`,
    '/usr/lib64',
    '/usr/local/lib',
  ];
}

function split(paths: string): string[] {
  return paths.split(delimiter).filter((path) => path !== '');
}

const LIST_PACKAGE_FOLDERS =
  "import sys; print('\\n'.join(p for p in sys.path if p.endswith(('site-packages', 'dist-packages'))))";

const TIMEOUT_MS = 20_000;

const foldersOfPython = new Map<string, string[]>();

/** The user's Python is asked once. */
function pythonPackageFolders(): string[] {
  const python = process.env.DLCMP_PYTHON ?? 'python3';
  const folders = foldersOfPython.get(python) ?? askForPackageFolders(python);
  foldersOfPython.set(python, folders);
  return folders;
}

function askForPackageFolders(python: string): string[] {
  try {
    const output = execFileSync(python, ['-c', LIST_PACKAGE_FOLDERS], {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      env: process.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.split('\n').filter((folder) => folder !== '');
  } catch {
    return [];
  }
}
