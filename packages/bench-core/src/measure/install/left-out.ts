import type { InstalledFile } from './package-tree';

/** Platforms that packages hold native binaries of, as `process.platform` and `process.arch` name them. */
export const PLATFORMS: readonly string[] = [
  ...['linux-x64', 'linux-arm64'],
  ...['darwin-x64', 'darwin-arm64'],
  ...['win32-x64', 'win32-arm64'],
];

/** `bin/napi-v6/linux/x64/…`, as onnxruntime-node has them. */
const BINARY = /(?:^|\/)(linux|darwin|win32)\/(x64|arm64)\//;

/** Which platform a file is for alone; undefined where its folders do not say. */
export function platformOf({ path }: InstalledFile): string | undefined {
  const [, system, architecture] = BINARY.exec(path) ?? [];
  return system && `${system}-${architecture}`;
}

/** Whether nothing at work on `platform` reads `file`: another platform's binaries, and maps to sources. */
export function isLeftOut(file: InstalledFile, platform: string): boolean {
  return (platformOf(file) ?? platform) !== platform || file.path.endsWith('.map');
}

/** Commands for a POSIX shell that delete what {@link isLeftOut} says, in the folder above `node_modules`. */
export function pruneCommands(platform: string): string[] {
  const others = PLATFORMS.filter((each) => each !== platform);
  const folders = others.map((each) => `-path '*/${each.replace('-', '/')}'`).join(' -o ');
  return [
    `find node_modules -type d \\( ${folders} \\) -prune -exec rm -r {} +`,
    "find node_modules -type f -name '*.map' -exec rm {} +",
  ];
}
