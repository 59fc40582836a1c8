import { type Dirent, existsSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders of a package that none of its users run. */
const NOT_RUN = new Set(['node_modules', 'src', 'test', 'bench', 'coverage', '.turbo', '.git']);

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * Files that decide what the module computes: all of its package; of packages that it stands on, all of those that lie in a work tree or
 * are of the same scope, and of others, which no one edits in place, the manifest with its version. And all files beside those that
 * `options` name, as a peer's do.
 *
 * @returns absolute paths in order
 */
export async function codeFiles(moduleUrl: string, options?: unknown): Promise<string[]> {
  const found = new Set<string>();
  const module = await realpath(fileURLToPath(moduleUrl));
  await addPackage(packageOf(module) ?? dirname(module), found, true);
  for (const folder of new Set(foldersNamedIn(options))) await addFolder(folder, found);
  return [...found].sort();
}

async function addPackage(root: string, found: Set<string>, isWhole: boolean): Promise<void> {
  const manifestPath = join(root, 'package.json');
  if (found.has(manifestPath)) return;
  if (existsSync(manifestPath)) found.add(manifestPath);
  if (isWhole) await addFolder(root, found);
  const manifest = await readManifest(manifestPath);
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  for (const name of Object.keys({
    ...dependencies,
    ...optionalDependencies,
    ...peerDependencies,
  })) {
    const folder = await installed(name, root);
    if (folder === undefined) continue;
    await addPackage(folder, found, !folder.includes('node_modules') || isOfScope(name, manifest));
  }
}

function isOfScope(name: string, { name: own = '' }: Manifest): boolean {
  return own.startsWith('@') && name.startsWith(`${own.split('/')[0]}/`);
}

/** As Node.js finds it from `root`: in the nearest `node_modules` that holds it. */
async function installed(name: string, root: string): Promise<string | undefined> {
  for (let folder = root; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(place)) return realpath(place);
    if (folder === dirname(folder)) return undefined;
  }
}

function packageOf(path: string): string | undefined {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return undefined;
}

async function readManifest(path: string): Promise<Manifest> {
  return existsSync(path) ? JSON.parse(await readFile(path, 'utf8')) : {};
}

async function addFolder(folder: string, found: Set<string>): Promise<void> {
  for (const file of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, file.name);
    if (file.isFile()) found.add(path);
    else if (isRun(file)) await addFolder(path, found);
  }
}

function isRun(file: Dirent): boolean {
  return file.isDirectory() && !NOT_RUN.has(file.name) && file.name !== '__pycache__';
}

/** Absolute folders that strings of `options` name or name a file of; paths of a `command` are meant from its `directory`. */
function foldersNamedIn(options: unknown): string[] {
  const { directory } = (options ?? {}) as { readonly directory?: string };
  const strings: string[] = [];
  JSON.stringify(options, (_, part: unknown) => {
    if (typeof part === 'string') strings.push(part);
    return part;
  });
  return strings
    .map((text) => (isAbsolute(text) || directory === undefined ? text : join(directory, text)))
    .filter((path) => isAbsolute(path) && existsSync(path))
    .map((path) => (path === directory ? path : dirname(path)));
}
