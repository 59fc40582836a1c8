import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { listenForOutput } from '../../src/testing/cases/listen-for-output';

describe('listenForOutput', () => {
  const written: unknown[] = [];
  beforeEach(() => {
    written.length = 0;
    jest.spyOn(console, 'warn').mockImplementation((...values) => void written.push(...values));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('hears what work writes, also later on, and passes it on', async () => {
    const heard = await listenForOutput(async () => {
      console.warn('now');
      await new Promise((resolve) => setTimeout(resolve, 1));
      console.warn('later');
    });
    expect(heard).toEqual(['warn: now', 'warn: later']);
    expect(written).toEqual(['now', 'later']);
  });

  it('does not hear what others write meanwhile', async () => {
    const other = new Promise((resolve) => setTimeout(() => resolve(console.warn('other')), 1));
    expect(
      await listenForOutput(async () => {
        await other;
      }),
    ).toEqual([]);
    expect(written).toEqual(['other']);
  });

  it('stops listening when work fails', async () => {
    const method = console.warn;
    const failing = listenForOutput(() => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(console.warn).toBe(method);
  });
});
