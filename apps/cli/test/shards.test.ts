import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { differences } from '../../../tooling/unmeasured-facts.mjs';
import { addBenchOptions } from '../src/options/bench-options';
import { assertNoTaskAsSeeds } from '../src/options/seeds-of-array';
import { typedOptions } from '../src/options/typed-options';
import { runDlcmp } from './run-dlcmp';

describe('typedOptions', () => {
  it('are those that decide what a study is, as they can be typed again', () => {
    const command = addBenchOptions(new Command());
    const typed = ['--seeds', '7,', '--contenders', 'rf,onnx:graph', '--tf32', '--no-setup'];
    const others = ['--out', 'o', '--quiet', '--shard', '1/2', '--machine', 'm', '--resume'];
    command.parse([...typed, ...others], { from: 'user' });
    const again = typedOptions(command);
    expect(again.join(' ')).toContain('--seeds 7,');
    expect(again.toSorted()).toEqual(typed.toSorted());
  });
});

describe('--seeds in an array of tasks', () => {
  it('is refused where it is the task’s number, which means that many seeds', () => {
    const seeds = [1, 2, 3];
    expect(() => assertNoTaskAsSeeds({ seeds }, '3')).toThrow(/--shard "\$SLURM_ARRAY_TASK_ID\/N"/);
    expect(() => assertNoTaskAsSeeds({ seeds }, '2')).not.toThrow();
    expect(() => assertNoTaskAsSeeds({ seeds, shard: { index: 3, count: 3 } }, '3')).not.toThrow();
    expect(() => assertNoTaskAsSeeds({ seeds: [3] }, '1')).not.toThrow();
    expect(() => assertNoTaskAsSeeds({ seeds }, undefined)).not.toThrow();
  });
});

describe('three shards of a forest, merged', () => {
  const study = ['bench', '--contenders', 'rf', '--limit', '24', '--seeds', '3', '--quiet'];
  const options = [...study, '--no-report'];
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dlcmp-shards-'));
    for (const index of [1, 2, 3]) {
      const where = ['--machine', `m${index % 2}`, '--out', `part-${index}`];
      const { status } = await runDlcmp([...options, '--shard', `${index}/3`, ...where], directory);
      expect(status).toBe(0);
    }
  });

  afterAll(() => rm(directory, { recursive: true }));

  it('are what an unbroken run is, but for the machine and what a clock or a gauge says', async () => {
    const parts = ['part-3', 'part-1', 'part-2'];
    const merged = await runDlcmp(['merge', ...parts, '--out', 'merged'], directory);
    expect(merged.status).toBe(0);
    expect(merged.stdout).toMatch(/On m1, seeds 1, 3:[\s\S]*On m0, seed 2:/);
    const page = await readFile(join(directory, 'merged', 'report.html'), 'utf8');
    expect(page).toMatch(/<h3>On m1, seeds 1, 3:[\s\S]*<h3>On m0, seed 2:/);
    await runDlcmp([...options, '--machine', 'm1', '--out', 'unbroken'], directory);
    const [one, other] = await Promise.all([resultsIn('merged'), resultsIn('unbroken')]);
    const { compared, differing } = differences(one, other);
    expect(compared).toBeGreaterThan(300);
    const places = differing.filter((path) => !/^\/machines\/|\/(machine|name)$/.test(path));
    expect(places).toEqual([]);
  });

  it('name what is missing with the command that runs it', async () => {
    const half = await runDlcmp(['merge', 'part-1', 'part-3', '--out', 'half'], directory);
    expect(half.status).toBe(1);
    expect(half.stderr).toContain(
      'dlcmp bench --limit 24 --contenders rf --seeds 1,2,3 --shard 2/3 --out half-block-2-of-3',
    );
  });

  async function resultsIn(folder: string): Promise<unknown> {
    return JSON.parse(await readFile(join(directory, folder, 'results.json'), 'utf8'));
  }
});
