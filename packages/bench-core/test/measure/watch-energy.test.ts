import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { watchEnergy } from '../../src/measure/watch-energy';

let directory: string;

beforeEach(async () => {
  // No reading comes of itself: none may fall into the middle of a write.
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-powercap-'));
});

afterEach(async () => {
  jest.useRealTimers();
  await rm(directory, { recursive: true });
});

/** Writes a zone as the kernel shows it, its counter at `joules`. */
async function zone(index: number, name: string, joules: number, rangeJoules?: number) {
  const folder = join(directory, `intel-rapl:${index}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'name'), `${name}\n`);
  await writeFile(join(folder, 'energy_uj'), `${joules * 1e6}\n`);
  if (rangeJoules !== undefined) {
    await writeFile(join(folder, 'max_energy_range_uj'), `${rangeJoules * 1e6}\n`);
  }
}

describe('watchEnergy', () => {
  it('adds up the packages, and leaves out what holds them again', async () => {
    await zone(0, 'package-0', 1000, 262_144);
    await zone(1, 'package-1', 2000, 262_144);
    await zone(2, 'psys', 9000, 262_144);
    const watch = watchEnergy({ directory });
    await zone(0, 'package-0', 1010);
    await zone(1, 'package-1', 2030);
    await zone(2, 'psys', 9900);
    expect(watch.finish()).toBeCloseTo(40, 6);
  });

  it('goes on over the end of one counter, while the other counts on', async () => {
    await zone(0, 'package-0', 262_000, 262_144);
    await zone(1, 'package-1', 0, 262_144);
    const watch = watchEnergy({ directory });
    await zone(0, 'package-0', 56);
    await zone(1, 'package-1', 200_000);
    expect(watch.finish()).toBeCloseTo(200 + 200_000, 6);
  });

  it('goes on over the end of a counter again and again', async () => {
    await zone(0, 'package-0', 90, 100);
    const watch = watchEnergy({ directory, intervalMs: 1000 });
    for (const joules of [30, 80, 20]) {
      await zone(0, 'package-0', joules);
      jest.advanceTimersByTime(1000);
    }
    // 90 → 100 → 30 → 80 → 100 → 20.
    expect(watch.finish()).toBeCloseTo(10 + 30 + 50 + 20 + 20, 6);
  });

  it('says null where a counter begins again and its range is not known', async () => {
    await zone(0, 'package-0', 90);
    const watch = watchEnergy({ directory });
    await zone(0, 'package-0', 10);
    expect(watch.finish()).toBeNull();
  });

  it('says null, never 0, where nothing can be read', async () => {
    expect(watchEnergy({ directory: join(directory, 'missing') }).finish()).toBeNull();
    expect(watchEnergy({ directory }).finish()).toBeNull();
    await zone(0, 'package-0', 90, 100);
    const watch = watchEnergy({ directory });
    await rm(join(directory, 'intel-rapl:0', 'energy_uj'));
    expect(watch.finish()).toBeNull();
  });

  it('reads once a minute, and no more once it has finished', async () => {
    await zone(0, 'package-0', 90, 100);
    const watch = watchEnergy({ directory });
    await zone(0, 'package-0', 30);
    jest.advanceTimersByTime(60_000);
    await zone(0, 'package-0', 95);
    // 90 → 100 → 30 → 95: without the reading in between, 90 → 95.
    expect(watch.finish()).toBeCloseTo(10 + 30 + 65, 6);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['empty', ''],
    ['no number', 'unknown\n'],
    ['half a number', '12e\n'],
  ])('says null, never a figure, where a reading is %s', async (_what, text) => {
    await zone(0, 'package-0', 90, 100);
    const counter = join(directory, 'intel-rapl:0', 'energy_uj');
    const watch = watchEnergy({ directory });
    await writeFile(counter, text);
    jest.advanceTimersByTime(60_000);
    await zone(0, 'package-0', 95);
    expect(watch.finish()).toBeNull();
    await writeFile(counter, text);
    expect(watchEnergy({ directory }).finish()).toBeNull();
  });

  it('says null where a counter begins again and its range reads empty', async () => {
    await zone(0, 'package-0', 90);
    await writeFile(join(directory, 'intel-rapl:0', 'max_energy_range_uj'), '');
    const watch = watchEnergy({ directory });
    await zone(0, 'package-0', 10);
    expect(watch.finish()).toBeNull();
  });
});
