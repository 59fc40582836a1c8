import { DlcmpError } from '@dlcmp/contract';

/**
 * Refuses `--seeds $SLURM_ARRAY_TASK_ID`: it means that many seeds, and each task of an array would run the blocks of all tasks
 * before it.
 *
 * @param seeds as parsed
 * @throws `INVALID_ARGUMENT` saying how one block is named
 */
export function assertNoTaskAsSeeds(
  { seeds, shard }: { readonly seeds?: readonly number[]; readonly shard?: unknown },
  task = process.env.SLURM_ARRAY_TASK_ID,
): void {
  if (!task || shard || !seeds || seeds.length !== Number(task)) return;
  if (seeds.some((seed, index) => seed !== index + 1) || seeds.length === 1) return;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `--seeds ${task} is a number of seeds, 1 to ${task}, and this is task ${task} of an array. To run one seed's block in each of N tasks, give all the same --seeds N and --shard "$SLURM_ARRAY_TASK_ID/N"; if all tasks are to run ${task} seeds, write --seeds ${seeds.join(',')} --shard 1/1.`,
  );
}
