import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellWord } from '@dlcmp/bench-core';
import { BLOCKS_FOLDER, type SlurmStudy } from './study-file';

/**
 * Writes the program of the array's tasks. Each attempt of a block has a folder of its own, named by array and restart, so that one
 * that was requeued never meets what a lost node may still be writing; `merge` keeps the first that was completed.
 *
 * @param program the command line's own, as `[node, bin.js]`
 * @returns its path
 */
export async function writeBlockScript(
  { directory, options, seeds }: SlurmStudy,
  program: readonly string[],
): Promise<string> {
  const path = join(directory, BLOCKS_FOLDER, 'block.sh');
  const command = [...program, 'bench', ...options].map(shellWord).join(' ');
  const lines = [
    '#!/bin/sh',
    '# Runs one block of a study, as a task of a Slurm array.',
    `attempt=${shellWord(join(directory, BLOCKS_FOLDER))}/"$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_JOB_ID-\${SLURM_RESTART_COUNT:-0}"`,
    'mkdir -p "$attempt" || exit 1',
    'unset DLCMP_MACHINE',
    `exec ${command} --shard "$SLURM_ARRAY_TASK_ID/${seeds.length}" --out "$attempt" \\`,
    '  --no-report --json --quiet > "$attempt/events.jsonl" 2> "$attempt/log.txt"',
  ];
  await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o755 });
  return path;
}

/** Options of `sbatch` for the blocks numbered `tasks`, a machine to each alone. */
export function arrayOptions(
  { directory, name }: SlurmStudy,
  tasks: readonly number[],
  needsGpu: boolean,
  more: readonly string[],
): string[] {
  const output = join(directory, BLOCKS_FOLDER, 'slurm-%A_%a.txt');
  return [
    ...[`--array=${tasks.join(',')}`, '--exclusive', '--requeue', `--job-name=${name}`],
    ...[`--output=${output}`, '--open-mode=append', `--chdir=${process.cwd()}`],
    ...(needsGpu ? ['--gres=gpu:1'] : []),
    ...more,
  ];
}
