import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { watchProcess } from '../../src/measure/watch-process';

const MEBIBYTE = 2 ** 20;
const noGpu = { setTraining: () => {}, finish: () => null };

/** Holds 200 MiB in a process below its own, which says so. */
const PARENT = `
  const child = 'const held = Buffer.alloc(200 * 2 ** 20, 1); console.log("held"); setInterval(() => held[0], 1e6)';
  require('node:child_process').spawn(process.execPath, ['-e', child], { stdio: 'inherit' });
  process.on('SIGTERM', () => process.exit());
  setInterval(() => {}, 1e6);
`;

// Memory is read from /proc.
(process.platform === 'linux' ? describe : describe.skip)('watchProcess', () => {
  // A second's samples are taken when the test says so, however long the machine takes.
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('sees the memory of a process and of those below it', async () => {
    const program = `const held = Buffer.alloc(150 * 2 ** 20, 1);${PARENT}`;
    const child = spawn(process.execPath, ['-e', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    await once(child.stdout, 'data');
    const watch = watchProcess(child.pid, noGpu);
    watch.setTraining(true);
    jest.advanceTimersByTime(1000);
    const seen = watch.finish();
    process.kill(-child.pid!, 'SIGKILL');
    // More than either holds with Node.js itself, and less than both do.
    expect(seen.peakRssBytes).toBeGreaterThan(320 * MEBIBYTE);
    expect(seen.steadyRssBytes).toBeGreaterThan(320 * MEBIBYTE);
    expect(seen.steadyRssBytes).toBeLessThanOrEqual(seen.peakRssBytes!);
    expect(seen.gpu).toBeNull();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('tells the memory while training from the peak', async () => {
    const watch = watchProcess(process.pid, noGpu);
    jest.advanceTimersByTime(1000);
    const seen = watch.finish();
    expect(seen.peakRssBytes).toBeGreaterThan(0);
    expect(seen.steadyRssBytes).toBeNull();
  });

  it('says null, never 0, of a process that is not there', async () => {
    const watch = watchProcess(undefined, noGpu);
    watch.setTraining(true);
    jest.advanceTimersByTime(1000);
    expect(watch.finish()).toMatchObject({ peakRssBytes: null, steadyRssBytes: null });
  });
});
