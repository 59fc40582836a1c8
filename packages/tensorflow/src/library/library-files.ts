import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Names of libtensorflow's files, each group to be loaded in order: first as the official wheels have
 * them, then as TensorFlow's own C-library archives.
 */
const FILE_GROUPS: Readonly<Partial<Record<NodeJS.Platform, readonly (readonly string[])[]>>> = {
  linux: [
    ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'],
    ['libtensorflow_framework.so.2', 'libtensorflow.so.2'],
  ],
  darwin: [
    ['libtensorflow_framework.2.dylib', 'libtensorflow_cc.2.dylib'],
    ['libtensorflow_framework.2.dylib', 'libtensorflow.2.dylib'],
  ],
  win32: [['tensorflow.dll']],
};

/** Every name that a library's file may have on this platform. */
export function libraryFileNames(platform: NodeJS.Platform = process.platform): Set<string> {
  return new Set((FILE_GROUPS[platform] ?? []).flat());
}

/** Folders of an unpacked wheel, of an unpacked archive, or of Python's `tensorflow`. */
const SUBFOLDERS = ['.', 'lib', 'tensorflow'];

/** Paths of the library's files in `directory`, in the order of loading, if they are there. */
export function findLibraryFiles(
  directory: string,
  platform: NodeJS.Platform = process.platform,
): string[] | undefined {
  const groups = FILE_GROUPS[platform] ?? [];
  return SUBFOLDERS.flatMap((folder) =>
    groups.map((names) => names.map((name) => join(directory, folder, name))),
  ).find((paths) => paths.every((path) => existsSync(path)));
}
