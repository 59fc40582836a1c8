import { describe, expect, it } from '@jest/globals';
import { split } from '../../../src/engines/wasm/split';

describe('split', () => {
  it('cuts into shares of about the same size', () => {
    expect(split(7, 3)).toEqual([
      { start: 0, size: 3 },
      { start: 3, size: 3 },
      { start: 6, size: 1 },
    ]);
  });

  it('keeps to multiples of the step', () => {
    expect(split(27, 3, 8)).toEqual([
      { start: 0, size: 16 },
      { start: 16, size: 11 },
    ]);
  });

  it('leaves no share empty', () => {
    expect(split(2, 5)).toEqual([
      { start: 0, size: 1 },
      { start: 1, size: 1 },
    ]);
  });
});
