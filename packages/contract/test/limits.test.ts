import { availableParallelism, totalmem } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import {
  assertFitsMemory,
  assertThreads,
  createInitialWeights,
  machineMemory,
  mostThreads,
  WEBASSEMBLY_LIMIT,
} from '../src';

describe('assertThreads', () => {
  it('takes none, one, more than there are processors, and the most', () => {
    for (const threads of [undefined, 1, 2 * availableParallelism(), 64, mostThreads()]) {
      expect(() => assertThreads(threads)).not.toThrow();
    }
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (threads) => {
    expect(() => assertThreads(threads)).toThrow(
      `threads must be a whole number ≥ 1, not ${threads}`,
    );
  });

  it('refuses more than any use could be made of, naming the machine', () => {
    const many = mostThreads() + 1;
    expect(() => assertThreads(many)).toThrow(`threads must be at most ${mostThreads()}`);
    expect(() => assertThreads(many)).toThrow(`not ${many}`);
    expect(mostThreads()).toBeGreaterThanOrEqual(4 * availableParallelism());
  });
});

describe('assertFitsMemory', () => {
  // 1000 weights in training are 16,000 bytes: weight, gradient and two moments of 4 bytes each.
  const shapes = { 'fc1.weight': [10, 90], 'fc1.bias': [100] };

  it('takes what just fits', () => {
    expect(() => assertFitsMemory(shapes, { bytes: 16_000, owner: 'it' })).not.toThrow();
  });

  it('refuses what does not, naming both sizes and the largest weight', () => {
    const large = { 'fc1.weight': [1e6, 500], 'fc1.bias': [1e6] };
    expect(() => assertFitsMemory(large, WEBASSEMBLY_LIMIT)).toThrow(
      /501\.0 million weights takes 8\.0 GB.*WebAssembly.* has 4\.3 GB.*fc1\.weight \(500\.0 million\)/,
    );
    expect(() => assertFitsMemory(shapes, { bytes: 15_999, owner: 'it' })).toThrow('too large');
  });

  it('is asked before any weight is drawn', () => {
    const side = 8 * Math.ceil(Math.sqrt(machineMemory().bytes / 16 / 512 / 128));
    const spec = { inputHeight: side, inputWidth: side, classNames: ['a', 'b'], seed: 1 };
    const start = performance.now();
    expect(() => createInitialWeights(spec)).toThrow('too large for memory');
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('knows no more memory than the machine has', () => {
    expect(machineMemory().bytes).toBeLessThanOrEqual(totalmem());
    expect(machineMemory().bytes).toBeGreaterThan(0);
  });
});
