import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes `directory` and those above it, as far as they are missing. Node.js' own `recursive` tries for
 * ever where the system answers ENOENT although the folder above is there, as below `/proc`, and says
 * ENOENT of a file system that is read-only.
 *
 * @throws the system's error of the folder that cannot be made
 */
export async function makeFolder(directory: string): Promise<void> {
  const path = resolve(directory);
  if (isFolder(path)) return;
  if (!existsSync(path)) await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    // Another process was quicker.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
