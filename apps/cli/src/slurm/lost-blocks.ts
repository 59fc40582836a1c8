import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Block } from './block-states';
import { BLOCKS_FOLDER, type SlurmStudy } from './study-file';

/** Why a block came to nothing, as far as it or Slurm left a word, and what to do. */
export async function describeLostBlock(study: SlurmStudy, block: Block): Promise<string> {
  const what = `Block ${block.number} (seed ${block.seed})`;
  const attempt = block.attempts.at(-1);
  const where = block.node ? ` on ${block.node}` : '';
  if (attempt) {
    const path = join(attempt.directory, 'log.txt');
    const said = await lastWords(path);
    return `${what} was lost${where}${said ? `: ${said}` : ', without a word'} (${path})`;
  }
  const path = join(study.directory, BLOCKS_FOLDER, `slurm-${study.job}_${block.number}.txt`);
  const said = await lastWords(path);
  if (said) return `${what} was lost${where}: ${said} (${path})`;
  return `${what} left nothing in ${study.directory}: it was cancelled, or the nodes do not share that folder. Choose an --out on a file system that all nodes see ("scontrol show job ${study.job}_${block.number}" says how it ended)`;
}

/** The last line that speaks of an error, else the last one. */
async function lastWords(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1))?.trim();
}
