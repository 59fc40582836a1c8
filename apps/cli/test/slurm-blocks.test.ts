import { describe, expect, it } from '@jest/globals';
import { arrayOptions } from '../src/slurm/block-script';
import { type Block, blockState, describeBlocks, secondsLeft } from '../src/slurm/block-states';

const START = Date.parse('2026-03-01T00:00:00Z');

function block(state: Block['state'], seconds: number, done: number, node?: string): Block {
  const finishedAt = state === 'done' ? START + seconds * 1000 : undefined;
  const attempt = { directory: 'a', startedAt: START, finishedAt, trialsDone: done, trialsDue: 4 };
  const attempts = state === 'waiting' || state === 'lost' ? [] : [attempt];
  return { ...{ number: 1, seed: 1, state, attempts }, node };
}

describe('blocks on a cluster', () => {
  const half = block('running', 0, 2, 'node2');
  const study = [block('done', 100, 4), half, block('waiting', 0, 0), block('waiting', 0, 0)];

  it('take as long as those that are done, side by side as now', () => {
    // Two whole ones and a half of 100 s, one at a time.
    expect(secondsLeft(study, START)).toBe(250);
    expect(secondsLeft([...study, half], START)).toBe(150);
  });

  it('take as long as the running ones seem to, where none is done', () => {
    // Half done after 30 s: 30 s more, and 60 s for the one that waits.
    expect(secondsLeft([half, block('waiting', 0, 0)], START + 30_000)).toBe(90);
    expect(secondsLeft([block('running', 0, 0)], START + 30_000)).toBeUndefined();
    expect(secondsLeft([block('done', 9, 4), block('lost', 0, 0)], START)).toBe(0);
  });

  it('are told in a line', () => {
    expect(describeBlocks([...study, block('lost', 0, 0)], START)).toBe(
      '1 of 5 blocks done, 1 running (node2), 2 waiting, 1 lost, about 4 min left',
    );
  });

  it('are done by their own word, and lost where nobody knows of them', () => {
    const queued = (state: string) => ({ task: 1, state, node: '' });
    expect(blockState(block('done', 9, 4).attempts, queued('COMPLETING'))).toBe('done');
    expect(blockState(half.attempts, queued('RUNNING'))).toBe('running');
    // Requeued: what the lost node wrote does not count.
    expect(blockState(half.attempts, queued('PENDING'))).toBe('waiting');
    expect(blockState(half.attempts, undefined)).toBe('lost');
  });

  it('have a machine each to themselves, with a GPU where a contender needs one', () => {
    const of = { directory: '/shared/study', options: [], seeds: [1, 2, 3], name: 'dlcmp-1' };
    const options = arrayOptions(of, [1, 3], true, ['--partition=gpu']);
    expect(options).toEqual(expect.arrayContaining(['--array=1,3', '--exclusive', '--requeue']));
    expect(options.slice(-2)).toEqual(['--gres=gpu:1', '--partition=gpu']);
    expect(arrayOptions(of, [1], false, [])).not.toContain('--gres=gpu:1');
  });
});
