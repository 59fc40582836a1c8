import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { allowedCores } from '../../src/measure/allowed-cores';
import { monotonicClock, timed } from '../../src/measure/clock';
import { probeNoise } from '../../src/measure/noise-probe';
import { readResourceUsage } from '../../src/measure/resource-usage';
import { readThrottledSeconds } from '../../src/measure/throttled-time';
import { watchProcess } from '../../src/measure/watch-process';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-cgroup-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Writes a file of a cgroup as the kernel shows it. */
async function cgroupFile(path: string, content: string): Promise<void> {
  const folder = join(directory, path, '..');
  await mkdir(folder, { recursive: true });
  await writeFile(join(directory, path), content);
}

describe('readThrottledSeconds', () => {
  it('reads the microseconds of a unified cgroup', async () => {
    const stat = 'usage_usec 9\nnr_throttled 4\nthrottled_usec 2500000\n';
    await cgroupFile('cpu.stat', stat);
    expect(readThrottledSeconds(directory)).toBe(2.5);
  });

  it('reads the nanoseconds of an older one', async () => {
    await cgroupFile('cpu/cpu.stat', 'nr_throttled 4\nthrottled_time 2500000000\n');
    expect(readThrottledSeconds(directory)).toBe(2.5);
  });

  it('says null, never 0, where nothing is to be read', async () => {
    expect(readThrottledSeconds(directory)).toBeNull();
    await cgroupFile('cpu.stat', 'usage_usec 9\n');
    expect(readThrottledSeconds(directory)).toBeNull();
  });
});

describe('watchProcess', () => {
  const noGpu = { setTraining: () => {}, finish: () => null };

  function throttled(before: number | null, after: number | null): number | null {
    const readings = [before, after];
    const watch = watchProcess(undefined, noGpu, () => readings.shift() ?? null);
    return watch.finish().throttledSeconds;
  }

  it('says for how long the quota held the container back meanwhile', () => {
    expect(throttled(40, 42.5)).toBe(2.5);
  });

  it('says null where that could not be read', () => {
    expect(throttled(null, 42.5)).toBeNull();
    expect(throttled(40, null)).toBeNull();
  });
});

describe('allowedCores', () => {
  it('is what the quota of the cgroup grants, at least one', async () => {
    const all = allowedCores(directory);
    expect(all).toBeGreaterThanOrEqual(1);
    await cgroupFile('cpu.max', '150000 100000\n');
    expect(allowedCores(directory)).toBe(1);
    await cgroupFile('cpu.max', '50000 100000\n');
    expect(allowedCores(directory)).toBe(1);
    await cgroupFile('cpu.max', 'max 100000\n');
    expect(allowedCores(directory)).toBe(all);
  });
});

describe('readResourceUsage', () => {
  // Memory is read from /proc.
  (process.platform === 'linux' ? it : it.skip)('counts bytes, as the kernel does', () => {
    const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    const ratio = readResourceUsage().peakRssBytes / (Number(kibibytes) * 1024);
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.1);
  });

  it('counts seconds of processor time, user and system', () => {
    const before = process.cpuUsage();
    const { cpuSeconds } = readResourceUsage();
    const after = process.cpuUsage();
    expect(cpuSeconds).toBeGreaterThanOrEqual((before.user + before.system) / 1e6 - 0.01);
    expect(cpuSeconds).toBeLessThanOrEqual((after.user + after.system) / 1e6 + 0.01);
  });
});

describe('clocks', () => {
  it('count seconds', async () => {
    const start = performance.now();
    const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
    const { seconds } = await timed(monotonicClock, pause);
    const outside = (performance.now() - start) / 1000;
    expect(seconds).toBeGreaterThan(0.09);
    expect(seconds).toBeLessThanOrEqual(outside);
  });

  it('probe the noise by the median of three', () => {
    const hands = [0, 1, 10, 14, 20, 22];
    expect(probeNoise(() => hands.shift() as number)).toBe(2);
  });
});
