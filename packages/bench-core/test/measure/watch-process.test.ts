import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { watchProcess } from '../../src/measure/watch-process';

const MEBIBYTE = 2 ** 20;
const noGpu = { setTraining: () => {}, finish: () => null };
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Holds 200 MiB in a process below its own, which says so. */
const PARENT = `
  const child = 'const held = Buffer.alloc(200 * 2 ** 20, 1); console.log("held"); setInterval(() => held[0], 1e6)';
  require('node:child_process').spawn(process.execPath, ['-e', child], { stdio: 'inherit' });
  process.on('SIGTERM', () => process.exit());
  setInterval(() => {}, 1e6);
`;

// Memory is read from /proc.
(process.platform === 'linux' ? describe : describe.skip)('watchProcess', () => {
  it('sees the memory of a process and of those below it', async () => {
    const program = `const held = Buffer.alloc(150 * 2 ** 20, 1);${PARENT}`;
    const child = spawn(process.execPath, ['-e', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    await once(child.stdout, 'data');
    const watch = watchProcess(child.pid, noGpu);
    watch.setTraining(true);
    await pause(2000);
    const seen = watch.finish();
    process.kill(-child.pid!, 'SIGKILL');
    expect(seen.peakRssBytes).toBeGreaterThan(350 * MEBIBYTE);
    expect(seen.steadyRssBytes).toBeGreaterThan(350 * MEBIBYTE);
    expect(seen.steadyRssBytes).toBeLessThanOrEqual(seen.peakRssBytes!);
    expect(seen.gpu).toBeNull();
  });

  it('says null, never 0, of a process that is not there', async () => {
    const watch = watchProcess(undefined, noGpu);
    watch.setTraining(true);
    await pause(300);
    expect(watch.finish()).toMatchObject({ peakRssBytes: null, steadyRssBytes: null });
  });
});
