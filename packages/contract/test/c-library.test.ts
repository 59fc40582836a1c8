import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { hasMusl } from '../src';

describe('hasMusl', () => {
  it('says what getconf does not know', () => {
    if (process.platform !== 'linux') return expect(hasMusl()).toBe(false);
    let isGlibc = true;
    try {
      execFileSync('getconf', ['GNU_LIBC_VERSION'], { stdio: 'ignore' });
    } catch {
      isGlibc = false;
    }
    expect(hasMusl()).toBe(!isGlibc);
  });
});
