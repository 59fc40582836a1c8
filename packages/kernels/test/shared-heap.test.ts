import { describe, expect, it } from '@jest/globals';
import { SharedHeap } from '../src';

describe('SharedHeap', () => {
  it('lays arrays at cache lines, and never at address 0', () => {
    const heap = new SharedHeap();
    const addresses = [heap.bytes(1), heap.floats(20), heap.bytes(64)].map(
      ({ address }) => address,
    );
    expect(addresses).toEqual([64, 128, 256]);
  });

  it('grows, and every array still shows the same memory', () => {
    const heap = new SharedHeap();
    const early = heap.floats(4);
    const late = heap.floats(1_000_000);
    early.data.fill(7);
    late.data.fill(8);
    const all = new Float32Array(heap.memory.buffer);
    expect(all[early.address / 4 + 3]).toBe(7);
    expect(all[late.address / 4 + 999_999]).toBe(8);
  });

  it('frees down to a mark; what comes next takes the place and is zero', () => {
    const heap = new SharedHeap();
    const kept = heap.floats(4);
    const mark = heap.mark();
    const freed = heap.floats(4);
    freed.data.fill(9);
    heap.release(mark);
    const next = heap.floats(4);
    expect(next.address).toBe(freed.address);
    expect([...next.data]).toEqual([0, 0, 0, 0]);
    expect(next.address).toBeGreaterThan(kept.address);
  });

  it('refuses what does not fit in 4 GB, and says what to do', () => {
    expect(() => new SharedHeap().floats(2 ** 30)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/more than 4 GB.*smaller batches/),
      }),
    );
  });
});
