import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readResults } from '@dlcmp/bench-core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDlcmp } from './run-dlcmp';

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const OPTIONS = ['--data', 'scenes', '--image-size', '16', '--adapters', 'onnx', '--out', 'run'];

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-interrupt-'));
  const sample = ['data', 'sample', '--out', 'scenes', '--train', '6', '--test', '3'];
  expect((await runDlcmp(sample, directory)).status).toBe(0);
});

afterAll(() => rm(directory, { recursive: true }));

/** Starts a bench that would train for hours, and waits until it does; rejects where it ends before. */
async function startLongBench() {
  const env = { ...process.env, XDG_CACHE_HOME: directory, NODE_OPTIONS: '' };
  const args = [bin, 'bench', ...OPTIONS, '--epochs', '1000000'];
  const bench = spawn(process.execPath, args, { cwd: directory, env });
  let stderr = '';
  const ending = new Promise<number | null>((resolve) => bench.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    bench.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (stderr.includes('epoch 2')) resolve();
    });
    void ending.then((status) => reject(new Error(`It ended with ${status}: ${stderr}`)));
  });
  return { bench, ending, stderr: () => stderr };
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

// Children are found through /proc.
(process.platform === 'linux' ? describe : describe.skip)('Ctrl-C', () => {
  it('stops, leaves no process, keeps what is done and says how to go on', async () => {
    const { bench, ending, stderr } = await startLongBench();
    const trials = childrenOf(bench.pid!);
    expect(trials).not.toHaveLength(0);
    bench.kill('SIGINT');
    expect(await ending).toBe(130);
    expect(trials.filter(isRunning)).toEqual([]);
    expect(stderr()).toContain('--resume');
    const { trials: results } = await readResults(join(directory, 'run'));
    expect(results.map(({ status }) => status)).toEqual(['aborted']);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends as shells expect of it, with %i', async (signal, status) => {
    const { bench, ending, stderr } = await startLongBench();
    bench.kill(signal);
    expect(await ending).toBe(status);
    expect(stderr()).toContain('--resume');
  });

  it('given twice ends at once', async () => {
    const { bench, ending } = await startLongBench();
    const trials = childrenOf(bench.pid!);
    bench.kill('SIGINT');
    bench.kill('SIGINT');
    expect(await ending).toBe(130);
    while (trials.some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 50));
  });
});

describe('an output folder', () => {
  it('that is a file is refused before any work', async () => {
    await writeFile(join(directory, 'file'), '');
    const args = ['bench', '--data', 'scenes', '--out', 'file'];
    const { status, stderr } = await runDlcmp(args, directory);
    expect(status).toBe(2);
    expect(stderr).toContain('choose another --out');
  });

  it('in use by another run is refused, naming it', async () => {
    const { bench, ending } = await startLongBench();
    const { status, stderr } = await runDlcmp(['bench', ...OPTIONS], directory);
    bench.kill('SIGINT');
    await ending;
    expect(status).toBe(2);
    expect(stderr).toContain(`process ${bench.pid}`);
  });
});
