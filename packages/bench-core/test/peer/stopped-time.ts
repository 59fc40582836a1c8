import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';

/** Longer than anything that peers under test are waited for. */
const MINUTE_MS = 60_000;

const STILL_REAL = [
  ...['Date', 'hrtime', 'performance', 'nextTick', 'queueMicrotask'],
  ...['setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'],
] as const;

/**
 * Runs `work` with a clock of its own, on which a minute passes each time that the peer touches the
 * file it is given: when it has fallen silent, and never because the machine is slow.
 */
export async function inStoppedTime<T>(work: (silentFile: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'dlcmp-silent-'));
  const silentFile = join(directory, 'silent');
  jest.useFakeTimers({ doNotFake: [...STILL_REAL] });
  try {
    let isDone = false;
    const result = work(silentFile).finally(() => {
      isDone = true;
    });
    result.catch(() => {});
    while (!isDone) {
      await pause(10);
      if (!existsSync(silentFile)) continue;
      rmSync(silentFile);
      await jest.advanceTimersByTimeAsync(MINUTE_MS);
    }
    return await result;
  } finally {
    // Peers that are kept for later end.
    await jest.runOnlyPendingTimersAsync();
    jest.useRealTimers();
    await rm(directory, { recursive: true });
  }
}
