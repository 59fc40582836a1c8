import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
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

describe('two shards of forests, merged', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dlcmp-shards-'));
  });

  afterAll(() => rm(directory, { recursive: true }));

  it('are one study of two machines; what is missing is named', async () => {
    const study = ['bench', '--contenders', 'rf', '--limit', '24', '--seeds', '2', '--quiet'];
    const shard = (index: number) =>
      runDlcmp(
        [...study, '--shard', `${index}/2`, '--machine', `m${index}`, '--out', `p${index}`],
        directory,
      );
    expect((await shard(1)).status).toBe(0);
    const half = await runDlcmp(['merge', 'p1', '--out', 'half'], directory);
    expect(half.status).toBe(1);
    expect(half.stderr).toContain(
      'dlcmp bench --limit 24 --contenders rf --seeds 1,2 --shard 2/2 --out half-block-2-of-2',
    );
    await shard(2);
    const whole = await runDlcmp(['merge', 'p1', 'p2', 'p1', '--out', 'whole'], directory);
    expect(whole.status).toBe(0);
    expect(whole.stderr).toContain('Seed 1 was run more than once');
    expect(whole.stdout).toMatch(/On m1, seed 1:[\s\S]*On m2, seed 2:/);
    const page = await readFile(join(directory, 'whole', 'report.html'), 'utf8');
    expect(page).toMatch(/<h3>On m1, seed 1:[\s\S]*<h3>On m2, seed 2:/);
  });
});
