import type { InstallCard } from '../../results/deployment-result';
import { isLeftOut, PLATFORMS, platformOf, pruneCommands } from './left-out';
import { type InstalledFile, listFiles, packageTree } from './package-tree';

/** Sizes of the package in `directory` with all that npm installs for it, and of what is left of them once pruned. */
export function measureInstall(directory: string): Omit<InstallCard, 'native' | 'environments'> {
  const packages = packageTree(directory);
  const files = packages.flatMap((each) => each.files);
  const platform = `${process.platform}-${process.arch}`;
  const held = new Set(files.map(platformOf));
  return {
    platform,
    package: packages[0]!.name,
    bytes: sum(files),
    packages: packages
      .map(({ name, version, files: own }) => ({ name, version, bytes: sum(own) }))
      .sort((a, b) => b.bytes - a.bytes),
    pruned: [platform, ...PLATFORMS.filter((each) => each !== platform && held.has(each))].map(
      (kept) => ({
        platform: kept,
        bytes: sum(files.filter((file) => !isLeftOut(file, kept))),
      }),
    ),
    commands: pruneCommands(platform),
  };
}

/** Bytes of all files in a folder and below it. */
export function folderBytes(directory: string): number {
  return sum(listFiles(directory));
}

function sum(files: readonly InstalledFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}
