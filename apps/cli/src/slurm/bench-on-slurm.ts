import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { claimOutputFolder } from '@dlcmp/bench-core';
import { assertArgument } from '@dlcmp/contract';
import { type BenchFlags, FIRST_SEED, studySeeds, studySize } from '../options/bench-options';
import { networkName, readNetwork } from '../options/network-option';
import { chooseDataset } from '../prepare/choose-dataset';
import { assertNoRun } from '../prepare/earlier-run';
import { readMatrix } from '../prepare/read-matrix';
import { interruptedStatus, interruptSignal } from '../progress/interrupt-signal';
import { runOnSlurm } from './run-on-slurm';
import { STUDY_FILE } from './study-file';

/** Of contenders that compute on a GPU. */
const ON_GPU = /(^|[:@])(cuda|webgpu)$/;

/** `bench --runner slurm`: checks what can be checked here, and hands the blocks over. Answers the exit status. */
export async function benchOnSlurm(flags: BenchFlags, options: readonly string[]): Promise<number> {
  const directory = folderOf(flags);
  const signal = interruptSignal();
  if (!existsSync(join(directory, STUDY_FILE))) await assertNoRun(directory);
  const matrix = flags.matrix === undefined ? undefined : await readMatrix(flags.matrix);
  const seeds = await seedsOf(flags, matrix?.seeds ?? flags.seeds);
  const named = [...(flags.contenders ?? flags.adapters ?? []), ...(matrix?.adapters ?? [])];
  const release = await claimOutputFolder(directory);
  try {
    const status = await runOnSlurm(
      {
        ...{ directory, options, seeds },
        needsGpu: [...named, ...Object.values(matrix?.backends ?? {}).flat()].some((name) =>
          ON_GPU.test(name),
        ),
        slurmOptions: flags.slurmOption ?? [],
        ...{ json: flags.json, quiet: flags.quiet },
      },
      signal,
    );
    return status ?? interruptedStatus();
  } finally {
    await release();
  }
}

function folderOf(flags: BenchFlags): string {
  const { out, shard, resume, force } = flags;
  assertArgument(
    out !== undefined,
    '--runner slurm needs --out: name a folder that all nodes see, so that the same command finds the study again.',
  );
  assertArgument(
    shard === undefined,
    '--runner slurm hands out all blocks itself: leave --shard out.',
  );
  assertArgument(
    !resume && !force,
    '--runner slurm goes on with the study that --out holds by itself: leave --resume and --force out, or choose another --out.',
  );
  assertArgument(
    flags.tensorboard === undefined && flags.mlflow === undefined,
    '--tensorboard and --mlflow watch trials of this machine: leave them out with --runner slurm.',
  );
  return resolve(out);
}

/** Of the study, with what is wrong about images or network said before anything is submitted. */
async function seedsOf(
  flags: BenchFlags,
  asked: readonly number[] | undefined,
): Promise<readonly number[]> {
  const { name, dataset } = await chooseDataset(flags.data, {
    ...flags,
    seed: asked?.[0] ?? FIRST_SEED,
  });
  const { imageSize } = studySize(flags, name);
  await readNetwork(networkName(flags), imageSize, dataset.classNames.length);
  return studySeeds({ seeds: asked }, name);
}
