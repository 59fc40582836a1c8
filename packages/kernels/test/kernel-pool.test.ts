import { describe, expect, it } from '@jest/globals';
import { KernelPool, kernelCalls, type PoolExtension, SharedHeap } from '../src';
import { createFunctions } from './fixtures/thread-functions.mjs';
import { threadCount, threadsLeft } from './thread-count';

const onLinux = process.platform === 'linux' ? it : it.skip;

/** Beyond the memory's end. */
const NOWHERE = 0xfff0_0000;

/** Squares on all threads; `failing` as in the module. */
function squares(failing?: number): PoolExtension {
  const data = { counter: new SharedArrayBuffer(4), failing };
  return {
    module: new URL('./fixtures/thread-functions.mjs', import.meta.url),
    data,
    createFunctions: (context) =>
      createFunctions(context, { ...data, counter: new SharedArrayBuffer(4), failing: 0 }),
  };
}

describe('KernelPool', () => {
  it('computes a list of calls on each thread, in order', async () => {
    const heap = new SharedHeap();
    const pool = await KernelPool.create(heap.memory, 3);
    const [sums, values] = [heap.floats(12), heap.floats(12)];
    values.data.set(values.data.map((_, index) => index));
    const lists = [0, 1, 2].map((thread) => {
      const [to, from] = [sums.address + thread * 16, values.address + thread * 16];
      const add = kernelCalls.addTo({ sums: to, values: from, length: 16 });
      // The third thread clears what it has added, and adds it once more.
      return thread < 2 ? [add, add] : [add, kernelCalls.clear({ start: to, end: to + 16 }), add];
    });
    pool.run(lists);
    expect([...sums.data]).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 8, 9, 10, 11]);
    await pool.close();
  });

  it.each([
    ['the calling', 0],
    ['another', 1],
  ])('names the kernel that failed on %s thread and the reason, and goes on', async (_, place) => {
    const heap = new SharedHeap();
    const pool = await KernelPool.create(heap.memory, 2);
    const sums = heap.floats(4);
    const add = kernelCalls.addTo({ sums: sums.address, values: sums.address, length: 16 });
    const fail = kernelCalls.addTo({ sums: sums.address, values: NOWHERE, length: 16 });
    const lists = place === 0 ? [[fail], [add]] : [[], [add, fail]];
    expect(() => pool.run(lists)).toThrow('The kernel addTo failed: memory access out of bounds');
    sums.data.fill(1);
    pool.run([[], [add]]);
    expect([...sums.data]).toEqual([2, 2, 2, 2]);
    await pool.close();
  });

  it('has functions of its user computed beside the kernels, and names them where they fail', async () => {
    const heap = new SharedHeap();
    const pool = await KernelPool.create(heap.memory, 2, squares());
    const [a, b] = [heap.floats(4), heap.floats(4)];
    a.data.fill(2);
    b.data.fill(3);
    const square = (address: number) => ({ name: 'square', numbers: [address, 4] });
    pool.run([
      [square(a.address), kernelCalls.addTo({ sums: a.address, values: a.address, length: 16 })],
      [square(b.address)],
    ]);
    expect([a.data[0], b.data[3]]).toEqual([8, 9]);
    expect(() => pool.run([[], [square(1)]])).toThrow(/The kernel square failed: .*multiple of 4/);
    expect(() => pool.run([[{ name: 'cube', numbers: [] }]])).toThrow('no kernel cube');
    await pool.close();
  });

  it('refuses more lists than it has threads', async () => {
    const pool = await KernelPool.create(new SharedHeap().memory, 1);
    expect(() => pool.run([[], []])).toThrow('There are 1 threads for 2 lists.');
  });

  it('shares things out in multiples', async () => {
    const pool = await KernelPool.create(new SharedHeap().memory, 3);
    expect(pool.parts(7)).toEqual([
      [0, 3],
      [3, 6],
      [6, 7],
    ]);
    expect(pool.parts(27, 8)).toEqual([
      [0, 16],
      [16, 27],
    ]);
    expect(pool.parts(2)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    await pool.close();
  });

  it('grows, also when asked twice at once', async () => {
    const pool = await KernelPool.create(new SharedHeap().memory, 1);
    await Promise.all([pool.grow(3), pool.grow(2)]);
    expect(pool.threads).toBe(3);
    await pool.close();
    expect(pool.threads).toBe(1);
  });

  describe('where a thread does not start', () => {
    const message = 'A computing thread did not start: out of order';

    onLinux('says why, and leaves none behind', async () => {
      const before = threadCount();
      const { memory } = new SharedHeap();
      await expect(KernelPool.create(memory, 4, squares(2))).rejects.toThrow(message);
      expect(await threadsLeft(before)).toBeLessThanOrEqual(before);
    });

    onLinux('does so too while it blocks', async () => {
      const before = threadCount();
      const { memory } = new SharedHeap();
      expect(() => KernelPool.createBlocking(memory, 4, squares(3))).toThrow(message);
      expect(await threadsLeft(before)).toBeLessThanOrEqual(before);
    });

    it('has as many threads as before', async () => {
      const pool = await KernelPool.create(new SharedHeap().memory, 2, squares(2));
      await expect(pool.grow(3)).rejects.toThrow(message);
      expect(pool.threads).toBe(2);
      await pool.close();
    });
  });
});
