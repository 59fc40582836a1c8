import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isPassedOver } from './desktop-names';
import type { DatasetProblem, ProblemKind } from './problem';

/** What a folder holds, links followed, sorted by name in code-point order. */
export interface FolderListing {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/**
 * Lists `folder`, without what {@link isPassedOver}. What is wrong in it is added to `problems` and left out of the listing. Names are
 * read as bytes, since Node.js would otherwise bend those that are not UTF-8 into names that do not
 * exist.
 */
export async function listFolder(
  folder: string,
  problems: DatasetProblem[],
): Promise<FolderListing> {
  const report = (kind: ProblemKind, path: string, fault: string) =>
    problems.push({ kind, path, message: `${path} ${fault}.` });
  const folders: string[] = [];
  const files: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' }).catch(
    (cause: NodeJS.ErrnoException) => {
      report('unreadable-folder', folder, unlistable(cause, folder));
      return [];
    },
  );
  for (const entry of entries) {
    const name = entry.name.toString('utf8');
    const path = join(folder, name);
    if (isPassedOver(name)) continue;
    if (!Buffer.from(name).equals(entry.name)) {
      report('name-not-utf8', path, 'has a name that is not UTF-8; rename it');
    } else if (entry.isDirectory()) folders.push(name);
    else if (!entry.isSymbolicLink()) files.push(name);
    else {
      const target = await followLink(path);
      if (target.kind === 'file') files.push(name);
      else if (target.kind === 'folder') folders.push(name);
      else report(target.kind, path, target.fault);
    }
  }
  return { folders: folders.sort(compareCodePoints), files: files.sort(compareCodePoints) };
}

/** Why a folder cannot be listed, and what to do; completes the sentence "FOLDER …". */
function unlistable({ code }: NodeJS.ErrnoException, path: string): string {
  switch (code) {
    case 'ENOENT':
      return 'is not there (ENOENT): check the path';
    case 'ENOTDIR':
      return `is a file, not a folder (ENOTDIR): ${/\.zip$/i.test(path) ? unpackFirst(path) : 'name the folder that holds the images'}`;
    case 'EACCES':
    case 'EPERM':
      return `cannot be listed (${code}): you need the permission to read it`;
    default:
      return `cannot be listed (${code}): check the disk that it is on`;
  }
}

/** The next step where images are in a zip archive still. */
export function unpackFirst(archive: string): string {
  return `Unpack ${archive} first: dlcmp data download --from ${archive} --target DIR.`;
}

type LinkTarget =
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'symlink-loop' | 'broken-link'; readonly fault: string };

async function followLink(path: string): Promise<LinkTarget> {
  try {
    if (!(await stat(path)).isDirectory()) return { kind: 'file' };
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ELOOP'
      ? { kind: 'symlink-loop', fault: 'is a symbolic link that leads to itself' }
      : { kind: 'broken-link', fault: 'is a symbolic link to nothing' };
  }
  const target = await realpath(path);
  const parent = await realpath(join(path, '..'));
  return `${parent}${sep}`.startsWith(`${target}${sep}`)
    ? { kind: 'symlink-loop', fault: `is a symbolic link back to ${target}` }
    : { kind: 'folder' };
}

/** Order by Unicode code point, the same under every locale. */
export function compareCodePoints(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
