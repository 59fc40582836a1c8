import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimOutputFolder } from '../../src/results/output-folder';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-output-'));
});

afterEach(() => rm(directory, { recursive: true }));

/** Leaves a lock as the process `pid` on `host` would. */
function lockedBy(pid: number, host: string): Promise<void> {
  return writeFile(join(directory, '.dlcmp-lock'), JSON.stringify({ pid, host }));
}

describe('claimOutputFolder', () => {
  it('makes the folder, and leaves nothing in it', async () => {
    const nested = join(directory, 'new', 'run');
    const release = await claimOutputFolder(nested);
    await release();
    expect(await readdir(nested)).toEqual([]);
  });

  it('refuses an empty name, and leaves no lock in the current folder', async () => {
    await expect(claimOutputFolder('')).rejects.toThrow('--out is empty');
    expect(await readdir('.')).not.toContain('.dlcmp-lock');
  });

  it('keeps a second run out, naming the first', async () => {
    await lockedBy(process.ppid, hostname());
    await expect(claimOutputFolder(directory)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(claimOutputFolder(directory)).rejects.toThrow(`process ${process.ppid}`);
  });

  it('does not take over the lock of another machine', async () => {
    await lockedBy(1, 'elsewhere');
    await expect(claimOutputFolder(directory)).rejects.toThrow('elsewhere');
  });

  it('takes over the lock of a process that is gone', async () => {
    // No system gives a process so high a number.
    await lockedBy(2 ** 30, hostname());
    const release = await claimOutputFolder(directory);
    const holder = JSON.parse(await readFile(join(directory, '.dlcmp-lock'), 'utf8')) as object;
    expect(holder).toEqual({ pid: process.pid, host: hostname() });
    await release();
  });

  it('takes over a lock that was never written to its end', async () => {
    await writeFile(join(directory, '.dlcmp-lock'), '{"pi');
    await (await claimOutputFolder(directory))();
  });

  it('sweeps away half-written results, and nothing else', async () => {
    for (const name of ['results.json', 'results.json.123456', 'results.json.bak'])
      await writeFile(join(directory, name), '{}');
    await (await claimOutputFolder(directory))();
    expect(await readdir(directory)).toEqual(['results.json', 'results.json.bak']);
  });

  it('says that a file is in the way', async () => {
    const path = join(directory, 'file');
    await writeFile(path, '');
    await expect(claimOutputFolder(path)).rejects.toThrow('there is a file of that name');
    await expect(claimOutputFolder(join(path, 'below'))).rejects.toThrow('is a file');
  });

  it('says that the folder can’t be written', async () => {
    // Not even root makes files there.
    if (process.platform !== 'linux') return;
    await expect(claimOutputFolder('/proc/self')).rejects.toThrow('choose another --out');
  });
});
