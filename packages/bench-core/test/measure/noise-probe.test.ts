import { describe, expect, it } from '@jest/globals';
// The built one: a bundler that thinks the computation useless leaves it out.
import { probeNoise } from '../../dist/index.js';

describe('probeNoise', () => {
  it('really computes: four million dependent steps take a millisecond at the least', () => {
    expect(probeNoise()).toBeGreaterThan(1e-3);
  });
});
