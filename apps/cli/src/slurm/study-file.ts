import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { shellWord, writeWhole } from '@dlcmp/bench-core';
import { DlcmpError } from '@dlcmp/contract';

/** What a study is whose blocks run on Slurm: enough for another process to go on watching it. */
export interface SlurmStudy {
  /** Folder that all nodes see. */
  readonly directory: string;
  /** Of `dlcmp bench`, the same for all blocks. */
  readonly options: readonly string[];
  readonly seeds: readonly number[];
  /** By which an array is found whose job id was not written down. */
  readonly name: string;
  /** Job id of the latest array; undefined where none was submitted. */
  readonly job?: string | undefined;
}

export const STUDY_FILE = 'slurm.json';
export const BLOCKS_FOLDER = 'blocks';

/**
 * The study that `directory` holds, or a new one.
 *
 * @throws `INVALID_ARGUMENT` where the folder holds a study of other options
 */
export async function openStudy(
  study: Pick<SlurmStudy, 'directory' | 'options' | 'seeds'>,
): Promise<SlurmStudy> {
  const { directory, options, seeds } = study;
  const known = await readStudy(directory);
  if (!known) return { ...study, name: `dlcmp-${randomBytes(4).toString('hex')}` };
  if (isDeepStrictEqual([known.options, known.seeds], [options, seeds])) {
    return { ...known, directory };
  }
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `--out ${directory} holds another study, "dlcmp bench ${known.options.map(shellWord).join(' ')}". Repeat its options to go on with it, or choose another --out.`,
  );
}

async function readStudy(directory: string): Promise<SlurmStudy | undefined> {
  const path = join(directory, STUDY_FILE);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as SlurmStudy;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} can't be read as a study on Slurm. Choose another --out, or remove the folder.`,
      { cause },
    );
  }
}

export async function writeStudyFile(study: SlurmStudy): Promise<void> {
  const path = join(study.directory, STUDY_FILE);
  await mkdir(join(study.directory, BLOCKS_FOLDER), { recursive: true });
  await writeWhole(path, `${JSON.stringify(study, null, 2)}\n`, 'Mend that and try again.');
}
