import { setTimeout as pause } from 'node:timers/promises';
import { readAttempts } from './block-progress';
import { type Block, blockState } from './block-states';
import { type QueuedTask, queuedTasks } from './slurm-commands';
import type { SlurmStudy } from './study-file';

/** What a shared file system may take until one machine sees what another wrote. */
const GRACE_SECONDS = 10;

/** All blocks as they are now; `queue` says what Slurm has of them. */
export async function readBlocks(
  study: SlurmStudy,
  queue: readonly QueuedTask[],
): Promise<Block[]> {
  return Promise.all(
    study.seeds.map(async (seed, at) => {
      const number = at + 1;
      const attempts = await readAttempts(study, number);
      const queued = queue.find(({ task }) => task === number);
      const node = queued?.node || attempts.at(-1)?.machine;
      return { number, seed, attempts, node, state: blockState(attempts, queued) };
    }),
  );
}

/**
 * Watches until no block waits or runs any more.
 *
 * @param onChange told of all blocks whenever something has changed
 */
export async function watchBlocks(
  study: SlurmStudy,
  job: string,
  signal: AbortSignal,
  onChange: (blocks: readonly Block[]) => void,
): Promise<readonly Block[]> {
  const began = performance.now();
  let queue: readonly QueuedTask[] = [];
  let told = '';
  let goneSince: number | undefined;
  for (;;) {
    // Where Slurm does not answer at the moment, what it said last holds.
    queue = (await queuedTasks(job)) ?? queue;
    const blocks = await readBlocks(study, queue);
    const seconds = (performance.now() - began) / 1000;
    if (blocks.every(({ state }) => state === 'done') || signal.aborted) return blocks;
    goneSince = queue.length > 0 ? undefined : (goneSince ?? seconds);
    if (goneSince !== undefined && seconds - goneSince >= GRACE_SECONDS) return blocks;
    const now = JSON.stringify(
      blocks.map(({ state, node, attempts }) => [state, node, attempts.at(-1)?.trialsDone]),
    );
    if (goneSince === undefined && now !== told) onChange(blocks);
    told = now;
    await pause(pollSeconds(seconds) * 1000, undefined, { signal }).catch(() => {});
  }
}

/** Often at first, then as seldom as clusters like it. */
function pollSeconds(elapsed: number): number {
  if (elapsed < 60) return 1;
  return elapsed < 600 ? 5 : 15;
}
