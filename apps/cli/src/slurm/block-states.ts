import type { Attempt } from './block-progress';
import type { QueuedTask } from './slurm-commands';

/** `lost`: it has neither finished nor is it in the queue. */
export type BlockState = 'done' | 'running' | 'waiting' | 'lost';

/** A block of a study, from its own event files and Slurm's queue. */
export interface Block {
  /** From 1: its task in the array. */
  readonly number: number;
  readonly seed: number;
  readonly state: BlockState;
  /** Where it runs or ran. */
  readonly node?: string | undefined;
  readonly attempts: readonly Attempt[];
}

/** What a block is, given its attempts and its task in the queue, where it is there. */
export function blockState(
  attempts: readonly Attempt[],
  queued: QueuedTask | undefined,
): BlockState {
  if (attempts.some(({ finishedAt }) => finishedAt !== undefined)) return 'done';
  if (!queued) return 'lost';
  return /^(RUNNING|COMPLETING|CONFIGURING|STAGE_OUT)$/.test(queued.state) ? 'running' : 'waiting';
}

/** `3 of 6 blocks done, 2 running (node1, node2), 1 waiting, about 4 min left` */
export function describeBlocks(blocks: readonly Block[], now: number): string {
  const of = (state: BlockState) => blocks.filter((block) => block.state === state);
  const nodes = of('running').flatMap(({ node }) => node ?? []);
  const running = `${of('running').length} running${nodes.length > 0 ? ` (${nodes.join(', ')})` : ''}`;
  const seconds = secondsLeft(blocks, now);
  return [
    `${of('done').length} of ${blocks.length} blocks done`,
    running,
    `${of('waiting').length} waiting`,
    ...(of('lost').length > 0 ? [`${of('lost').length} lost`] : []),
    ...(seconds === undefined || seconds === 0 ? [] : [`about ${duration(seconds)} left`]),
  ].join(', ');
}

/**
 * Until the last block is done, if as many go on running side by side as now; undefined as long as none has finished a trial.
 *
 * @param now milliseconds since 1970
 */
export function secondsLeft(blocks: readonly Block[], now: number): number | undefined {
  const perBlock = meanSeconds(blocks, now);
  const running = blocks.filter(({ state }) => state === 'running');
  const waiting = blocks.filter(({ state }) => state === 'waiting');
  if (running.length + waiting.length === 0) return 0;
  if (perBlock === undefined) return undefined;
  const shares = [...waiting.map(() => 1), ...running.map((block) => 1 - shareDone(block))];
  const work = shares.reduce((sum, share) => sum + share, 0) * perBlock;
  return work / Math.max(1, running.length);
}

function meanSeconds(blocks: readonly Block[], now: number): number | undefined {
  const finished = blocks.flatMap(({ attempts }) =>
    attempts.flatMap(({ startedAt, finishedAt }) =>
      startedAt === undefined || finishedAt === undefined ? [] : [(finishedAt - startedAt) / 1000],
    ),
  );
  const begun = blocks
    .filter(({ state }) => state === 'running')
    .flatMap((block) => {
      const { startedAt } = block.attempts.at(-1) ?? {};
      const share = shareDone(block);
      return startedAt === undefined || share === 0 ? [] : [(now - startedAt) / 1000 / share];
    });
  const known = finished.length > 0 ? finished : begun;
  return known.length === 0
    ? undefined
    : known.reduce((sum, seconds) => sum + seconds, 0) / known.length;
}

function shareDone({ attempts }: Block): number {
  const { trialsDone = 0, trialsDue = 0 } = attempts.at(-1) ?? {};
  return trialsDue === 0 ? 0 : trialsDone / trialsDue;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
