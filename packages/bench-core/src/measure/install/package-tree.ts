import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** A package as it lies on disk. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly files: readonly InstalledFile[];
}

export interface InstalledFile {
  /** Below the package, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The package in `directory` and all that npm installs for it, each once: found as Node.js finds them, so that it holds in npm's
 * layout as in pnpm's. Optional packages of other platforms are not there.
 */
export function packageTree(directory: string): InstalledPackage[] {
  const found = new Set([realpathSync(directory)]);
  const packages: InstalledPackage[] = [];
  for (const folder of found) {
    const manifest = readManifest(folder);
    packages.push({ ...manifest, files: filesOf(folder, manifest) });
    for (const name of Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
    })) {
      const dependency = findPackage(name, folder);
      if (dependency) found.add(dependency);
    }
  }
  return packages.map(({ name, version, files }) => ({ name, version, files }));
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function findPackage(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (dirname(folder) === folder) return undefined;
  }
}

/** In a checkout, where sources lie beside what is published, that alone. */
function filesOf(folder: string, { files }: Manifest): InstalledFile[] {
  const all = listFiles(folder);
  if (folder.split(sep).includes('node_modules') || !files) return all;
  const isPublished = ({ path }: InstalledFile) =>
    files.some((entry) => path === entry || path.startsWith(`${entry}/`)) ||
    /^(package\.json|readme|licen[cs]e)[^/]*$/i.test(path);
  return all.filter(isPublished);
}

/** Those of other packages in it are not its own. */
export function listFiles(folder: string): InstalledFile[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const below = relative(folder, path).split(sep);
    if (!entry.isFile() || below.includes('node_modules')) return [];
    return [{ path: below.join('/'), bytes: statSync(path).size }];
  });
}
