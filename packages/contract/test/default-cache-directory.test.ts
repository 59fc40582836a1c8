import { isAbsolute, join, sep } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { defaultCacheDirectory } from '../src';

describe('defaultCacheDirectory', () => {
  const before = process.env.XDG_CACHE_HOME;
  afterEach(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });

  test('lies under XDG_CACHE_HOME where that is set', () => {
    process.env.XDG_CACHE_HOME = join(sep, 'somewhere');
    expect(defaultCacheDirectory()).toBe(join(sep, 'somewhere', 'dlcmp'));
  });

  test("lies in the platform's cache folder otherwise", () => {
    delete process.env.XDG_CACHE_HOME;
    expect(isAbsolute(defaultCacheDirectory())).toBe(true);
    expect(defaultCacheDirectory()).toMatch(/[Cc]ache|Local/);
  });
});
