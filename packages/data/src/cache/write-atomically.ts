import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Ends the name of a file that is still being written. */
export const UNFINISHED_SUFFIX = '.unfinished';

/**
 * Writes a file in `directory`, flushes it to the disk and gives it the name that `write` returns: a
 * kill or a power cut leaves the old file of that name, the new one, or none, never a part of one.
 */
export async function writeAtomically(
  directory: string,
  write: (file: FileHandle) => Promise<string>,
): Promise<void> {
  const unfinished = join(directory, randomUUID() + UNFINISHED_SUFFIX);
  try {
    const file = await open(unfinished, 'wx+');
    let name: string;
    try {
      name = await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, join(directory, name));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
