import { expect, it } from '@jest/globals';
import { ExclusiveQueue } from '../../src';

it('ExclusiveQueue runs one task at a time, in order, and outlives a failure', async () => {
  const queue = new ExclusiveQueue();
  const events: string[] = [];
  const task = (name: string, fails: boolean) => async () => {
    events.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    events.push(`${name} ends`);
    if (fails) throw new Error(name);
    return name;
  };
  const results = await Promise.allSettled([
    queue.run(task('a', false)),
    queue.run(task('b', true)),
    queue.run(task('c', false)),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});
