import { describe, expect, it } from '@jest/globals';
import { resolveAdamOptions } from '../src';

describe('resolveAdamOptions', () => {
  it("fills in the contract's defaults", () => {
    expect(resolveAdamOptions({})).toEqual({
      learningRate: 1e-3,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
    });
  });

  it.each([
    [{ learningRate: 0 }, 'learningRate'],
    [{ learningRate: Number.NaN }, 'learningRate'],
    [{ betas: [0.9, 1] as const }, 'betas'],
    [{ epsilon: -1 }, 'epsilon'],
  ])('refuses %o', (wrong, name) => {
    expect(() => resolveAdamOptions(wrong)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    );
  });
});
