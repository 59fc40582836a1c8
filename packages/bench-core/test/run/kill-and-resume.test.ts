import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGenerator, nextUniform } from '@dlcmp/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readResults } from '../../src/results/results-file';

// Runs built code; `pnpm test` builds before it tests. Processes are found through /proc.
const onLinux = process.platform === 'linux' ? describe : describe.skip;
const program = fileURLToPath(new URL('./fixtures/run-steady-bench.mjs', import.meta.url));
const FACTORIES = ['createSteadyForest', 'createSteadyCnn'];
const TRIALS = 4;
const KILLS = 12;

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-kill-'));
  const pixels = Uint8Array.from({ length: 4 * 8 * 8 * 3 }, (_, at) => Math.floor(at / 192));
  await writeFile(join(directory, 'pixels'), pixels);
});

afterAll(() => rm(directory, { recursive: true }));

function start(name: string, factories: readonly string[] = FACTORIES): ChildProcess {
  return spawn(process.execPath, [program, join(directory, name), ...factories], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function ending(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The trials of the bench `parent`; a search for nvidia-smi is none. */
function trialsOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === parent && isTrial(pid));
}

function isTrial(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('trial-process');
  } catch {
    return false;
  }
}

/** Kills a process that may have ended by itself since it was found. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(parent);
  } catch {
    return undefined;
  }
}

/** Whether the process is there and not merely unburied. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isRunning)) await pause(50);
}

/** A run's results but for what a clock or a memory gauge said. */
async function withoutTimes(name: string): Promise<unknown> {
  const measured =
    /Seconds$|PerSecond$|Ms$|Bytes$|Joules$|^(startedAt|attempts|conditions|throughput|images|figure|detail)$/;
  const text = JSON.stringify(await readResults(join(directory, name)), (key, value) =>
    measured.test(key) ? undefined : value,
  );
  return JSON.parse(text);
}

/** Kills the bench, or the trial it runs, and sees that nothing is left and nothing is broken. */
async function killOnce(name: string, lifeMs: number, whom: 'bench' | 'trial'): Promise<void> {
  const bench = start(name);
  await pause(lifeMs);
  const trials = trialsOf(bench.pid!);
  if (whom === 'bench') bench.kill('SIGKILL');
  else trials.forEach(killIfThere);
  if (whom === 'trial') await pause(100);
  bench.kill('SIGKILL');
  await ending(bench);
  await untilGone(trials);
  if (existsSync(join(directory, name, 'results.json'))) await readResults(join(directory, name));
}

onLinux('a bench that is killed', () => {
  it('at many moments and resumed ends with the results of an unbroken one', async () => {
    const begin = performance.now();
    expect(await ending(start('unbroken'))).toBe(0);
    // Long enough, on this machine, for no moment of a trial to be safe from a kill.
    const longestLifeMs = (1.5 * (performance.now() - begin)) / TRIALS;
    const generator = createGenerator(1, 'kill-moments');
    for (let kill = 0; kill < KILLS; kill++) {
      const lifeMs = 100 + nextUniform(generator) * longestLifeMs;
      await killOnce('broken', lifeMs, kill % 3 === 2 ? 'trial' : 'bench');
    }
    expect(await ending(start('broken'))).toBe(0);
    // A trial that was killed is recorded as failed: the next run tries it again.
    expect(await ending(start('broken'))).toBe(0);
    expect(await withoutTimes('broken')).toEqual(await withoutTimes('unbroken'));
    const { trials } = await readResults(join(directory, 'broken'));
    expect(trials.map(({ status }) => status)).toEqual(new Array(TRIALS).fill('completed'));
  });

  it('takes a trial with it that blocks its own event loop', async () => {
    const bench = start('deaf', ['createDeaf']);
    await new Promise<void>((resolve) => {
      bench.stdout!.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('train')) resolve();
      });
    });
    const trials = trialsOf(bench.pid!);
    expect(trials).toHaveLength(1);
    bench.kill('SIGKILL');
    await untilGone(trials);
  });
});
