import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readResults } from '@dlcmp/bench-core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDlcmp } from './run-dlcmp';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-earlier-'));
  const sample = ['data', 'sample', '--out', 'scenes', '--train', '4', '--test', '2'];
  expect((await runDlcmp(sample, directory)).status).toBe(0);
});

afterAll(() => rm(directory, { recursive: true }));

const OPTIONS = ['bench', '--data', 'scenes', '--adapters', 'rf'];

function bench(...more: string[]) {
  return runDlcmp([...OPTIONS, ...more], directory);
}

async function startOf(out: string): Promise<string> {
  return (await readResults(join(directory, out))).startedAt;
}

describe('a run that --out holds', () => {
  it('is refused before any work, with what there is to do, and stays', async () => {
    expect((await bench('--out', 'run')).status).toBe(0);
    const before = await readFile(join(directory, 'run/results.json'), 'utf8');
    const { status, stdout, stderr } = await bench('--out', 'run', '--seeds', '2');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    for (const words of ['--out run', '1 of its trials', '--resume', 'another --out', '--force']) {
      expect(stderr).toContain(words);
    }
    expect(await readFile(join(directory, 'run/results.json'), 'utf8')).toBe(before);
  });

  it('is replaced by --force, with its models, and nothing else', async () => {
    const first = await startOf('run');
    await mkdir(join(directory, 'run/models/mine'), { recursive: true });
    await writeFile(join(directory, 'run/notes.txt'), 'mine');
    expect((await bench('--out', 'run', '--force')).status).toBe(0);
    expect(await startOf('run')).not.toBe(first);
    expect(await readFile(join(directory, 'run/notes.txt'), 'utf8')).toBe('mine');
    expect(await readdir(join(directory, 'run/models'))).toEqual(['baseline-rf-exact-seed-1']);
  });

  it('counts where it was written by another version', async () => {
    await mkdir(join(directory, 'other'));
    await writeFile(join(directory, 'other/results.json'), '{"schemaVersion": 99}');
    const { status, stderr } = await bench('--out', 'other');
    expect(status).toBe(2);
    expect(stderr).toContain('another version');
  });

  it('does not count where nothing of it was finished', async () => {
    const results = await readResults(join(directory, 'run'));
    await mkdir(join(directory, 'empty'));
    const nothing = JSON.stringify({ ...results, trials: [] });
    await writeFile(join(directory, 'empty/results.json'), nothing);
    expect((await bench('--out', 'empty')).status).toBe(0);
  });
});

describe('a bench that names no folder', () => {
  it('moves the run before to a folder of its time, and says so', async () => {
    expect((await bench()).status).toBe(0);
    const first = await startOf('results/latest');
    const { status, stderr } = await bench();
    expect(status).toBe(0);
    const name = first.slice(0, 19).replace('T', '-').replaceAll(':', '');
    expect(stderr).toContain(`was moved to ${join('results', name)}`);
    expect((await readdir(join(directory, 'results'))).sort()).toEqual([name, 'latest']);
    expect(await startOf(join('results', name))).toBe(first);
    expect(await startOf('results/latest')).not.toBe(first);
  });

  it('leaves the run before where it is when it can not begin', async () => {
    const before = await startOf('results/latest');
    expect((await runDlcmp(['bench', '--data', 'nowhere'], directory)).status).toBe(2);
    expect(await startOf('results/latest')).toBe(before);
  });

  it('goes on with the run before by --resume', async () => {
    const before = await startOf('results/latest');
    expect((await bench('--resume')).status).toBe(0);
    expect(await startOf('results/latest')).toBe(before);
  });
});

describe('a model that --out holds', () => {
  it('is refused before any training, and replaced by --force', async () => {
    const train = ['train', 'rf', '--data', 'scenes', '--out', 'model'];
    expect((await runDlcmp(train, directory)).status).toBe(0);
    const { status, stderr } = await runDlcmp(train, directory);
    expect(status).toBe(2);
    expect(stderr).toContain('--out model holds a model');
    expect((await runDlcmp([...train, '--force'], directory)).status).toBe(0);
  });
});
