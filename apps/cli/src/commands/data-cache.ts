import { counted } from '@dlcmp/contract';
import { type CachedImages, clearCache, defaultCacheDirectory, listCache } from '@dlcmp/data';
import type { Command } from 'commander';
import { cacheLimitBytes } from '../options/cache-limit';
import { byteSize } from '../results/byte-size';

const HELP = `
Decoded images are kept so that a run does not decode them again. The folder is that of XDG_CACHE_HOME,
where that is set, else the platform's cache folder. DLCMP_CACHE_LIMIT ("50 GB", say; default 20 GB) is what
they may take: beyond it, those not used for longest are removed when others are added.

Examples:
  $ dlcmp data cache list
  $ dlcmp data cache clear
`;

export function addDataCacheCommand(data: Command): void {
  const cache = data
    .command('cache')
    .summary('list or remove decoded images')
    .description('Lists or removes the decoded images that are kept for later runs.')
    .addHelpText('after', HELP);
  cache
    .command('list')
    .summary('what is kept, and how much room it takes')
    .description('Lists what is kept, the last used first, and how much room it takes.')
    .action(async () => {
      process.stdout.write(`${describe(await listCache()).join('\n')}\n`);
    });
  cache
    .command('clear')
    .summary('remove all of it')
    .description('Removes all decoded images. A later run decodes them again.')
    .action(async () => {
      const removed = await clearCache();
      const folder = defaultCacheDirectory();
      process.stdout.write(
        removed.length === 0
          ? `${folder} holds no decoded images.\n`
          : `Removed ${entries(removed)} from ${folder}.\n`,
      );
    });
}

function describe(cached: readonly CachedImages[]): string[] {
  const folder = defaultCacheDirectory();
  if (cached.length === 0) return [`${folder} holds no decoded images.`];
  return [
    `${folder}:`,
    ...cached.map(describeEntry),
    `${entries(cached)}; the limit is ${byteSize(cacheLimitBytes())}.`,
  ];
}

const SIZE_WIDTH = 10;
const IMAGES_WIDTH = 26;

function describeEntry({ key, bytes, images, lastUsed }: CachedImages): string {
  const what = images
    ? `${counted(images.count, 'image')} at ${images.width}×${images.height}`
    : 'cannot be read';
  const used = `used ${lastUsed.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `  ${byteSize(bytes).padStart(SIZE_WIDTH)}  ${what.padEnd(IMAGES_WIDTH)}  ${used}  ${key.slice(0, 12)}`;
}

function entries(cached: readonly CachedImages[]): string {
  const bytes = cached.reduce((sum, entry) => sum + entry.bytes, 0);
  return `${counted(cached.length, 'set of decoded images', 'sets of decoded images')}, ${byteSize(bytes)}`;
}
