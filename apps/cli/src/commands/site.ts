import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assertWritableFolder, readResults, writeWhole } from '@dlcmp/bench-core';
import { isDlcmpError, printable } from '@dlcmp/contract';
import { type RefusedEntry, renderSite, type SiteEntry } from '@dlcmp/report';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes';

const EXAMPLES = `
An entry whose counts or answers contradict one another, of which a trial did not complete or a check
failed, is refused by name; the exit status is then 1.

Example:
  $ dlcmp site results/* --out site
`;

export function addSiteCommand(program: Command): void {
  program
    .command('site')
    .summary('draw pages over many machines and dates')
    .description(
      'Writes static pages over many studies: per machine its answers, and costs at a price that the reader types; per contender its history. They need no server and no network.',
    )
    .argument('<dir...>', 'folders that hold results.json')
    .requiredOption('--out <DIR>', 'folder of the pages')
    .addHelpText('after', EXAMPLES)
    .action(async (directories: string[], { out }: { out: string }) => {
      process.exitCode = await site(directories, out);
    });
}

async function site(directories: readonly string[], out: string): Promise<number> {
  await assertWritableFolder(out);
  const read = await Promise.all(directories.map(readEntry));
  const entries = read.filter((entry) => 'results' in entry);
  const unread = read.filter((entry) => 'reason' in entry);
  const { pages, refused } = await renderSite(entries, unread);
  await removePages(out);
  for (const [name, content] of pages) {
    await writeWhole(join(out, name), content, 'Mend that and draw the site again.');
  }
  for (const { directory, reason } of refused) {
    process.stderr.write(printable(`Refused ${directory}: ${reason}.\n`));
  }
  process.stderr.write(`${pages.size} pages in ${join(out, 'index.html')}\n`);
  return refused.length === 0 ? EXIT.success : EXIT.failure;
}

async function readEntry(directory: string): Promise<SiteEntry | RefusedEntry> {
  try {
    return { directory, results: await readResults(directory) };
  } catch (error) {
    if (!isDlcmpError(error, 'INVALID_FILE')) throw error;
    return { directory, reason: error.message.replace(/\.$/, '') };
  }
}

/** Of machines and contenders that may be there no more. */
async function removePages(out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  const names = await readdir(out);
  const pages = names.filter((name) => /^(index|(machine|contender)-[a-z0-9-]+)\.html$/.test(name));
  for (const name of pages) await rm(join(out, name));
}
