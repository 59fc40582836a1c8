import type { KernelPool } from '@dlcmp/kernels';
import { describe, expect, it } from '@jest/globals';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { createHeap } from '../../../src/engines/wasm/heap';

/** The heap of a backend whose allocations end up at `address`. */
function heapAt(address: number, freed: number[] = []) {
  const wasm = {
    asm: { malloc: () => address | 0 },
    _malloc: (_bytes: number) => 0,
    _free: (at: number) => freed.push(at),
  };
  const makeOutput = (shape: number[]) => ({ shape, dataId: wasm._malloc(shape.length) });
  return createHeap({ wasm, makeOutput } as unknown as BackendWasm, {} as KernelPool);
}

describe('the heap', () => {
  it('hands out scratch areas one after another, and frees them', () => {
    const freed: number[] = [];
    const heap = heapAt(4096, freed);
    expect(heap.withScratch([10, 3, 1], (...addresses) => addresses)).toEqual([4096, 4136, 4148]);
    expect(freed).toEqual([4096]);
  });

  it('frees scratch areas after a failure too', () => {
    const freed: number[] = [];
    const fail = () => {
      throw new Error('failure');
    };
    expect(() => heapAt(4096, freed).withScratch([1], fail)).toThrow('failure');
    expect(freed).toEqual([4096]);
  });

  it('addresses the upper half of its 4 GB', () => {
    expect(heapAt(0xf000_0000).withScratch([1], (address) => address)).toBe(0xf000_0000);
  });

  it('says so when it is full', () => {
    const full = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    expect(() => heapAt(0).allocate([2, 3])).toThrow(full);
    expect(() => heapAt(0).withScratch([7], () => undefined)).toThrow(full);
    expect(() => heapAt(4096).withScratch([2 ** 30], () => undefined)).toThrow(full);
  });
});
