import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { TrialEvent, TrialJob } from '../../src/run/process-messages';
import { type RunInProcessOptions, runInProcess } from '../../src/run/run-in-process';

// A child process runs built code; `pnpm test` builds before it tests.
const program = fileURLToPath(new URL('../../dist/trial-process.js', import.meta.url));
const moduleUrl = new URL('./fixtures/faulty-adapters.mjs', import.meta.url).href;

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-process-'));
  await writeFile(join(directory, 'pixels'), new Uint8Array(4 * 8 * 8 * 3));
});

afterAll(() => rm(directory, { recursive: true }));
afterEach(() => {
  jest.useRealTimers();
});

function job(factory: string): TrialJob {
  const images = {
    pixelsPath: join(directory, 'pixels'),
    labels: Int32Array.of(0, 1, 0, 1),
    count: 4,
  };
  return {
    kind: 'trial',
    adapter: { moduleUrl, factory },
    train: images,
    test: images,
    plan: {
      backend: 'cpu',
      spec: { inputHeight: 8, inputWidth: 8, classNames: ['a', 'b'], seed: 1 },
      training: {},
      threads: 1,
      inferenceBatchSize: 32,
      modelDirectory: join(directory, 'model'),
    },
  };
}

async function failure(factory: string, options: Partial<RunInProcessOptions> = {}) {
  const { answer } = await runInProcess(job(factory), { threads: 1, program, ...options });
  if ('result' in answer) throw new Error('The trial did not fail.');
  return answer.error;
}

/** Calls `listen` once the trial trains; its process then does nothing else. */
function whenTraining(listen: () => void): (event: TrialEvent) => void {
  return (event) => {
    if (event.type === 'phase' && event.phase === 'train') listen();
  };
}

/** Time passes for this process' timeouts alone, and only when the test says so. */
function stopTimeouts(): void {
  jest.useFakeTimers({
    doNotFake: [
      'Date',
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
    ].concat(['clearImmediate', 'setInterval', 'clearInterval']) as never,
  });
}

/** Puts the program where `nvidia-smi` is looked for. */
async function withFakeGpu<T>(work: () => Promise<T>): Promise<T> {
  const fake = new URL('../measure/fixtures/fake-nvidia-smi.mjs', import.meta.url);
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await symlink(fileURLToPath(fake), join(bin, 'nvidia-smi'));
  const path = process.env.PATH;
  process.env.PATH = `${bin}${delimiter}${path}`;
  try {
    return await work();
  } finally {
    process.env.PATH = path;
  }
}

describe('runInProcess', () => {
  it('tells what nvidia-smi on the PATH says of the GPU while training', async () => {
    const done = join(directory, 'training-is-done');
    process.env.DLCMP_TEST_DONE = done;
    let isTraining = false;
    let linesInTraining = 0;
    let seconds = 0;
    // The clock is asked at each line of nvidia-smi, of which every second is of the GPU that works.
    const clock = () => {
      if (isTraining && ++linesInTraining === 12) writeFileSync(done, '');
      seconds += 0.5;
      return seconds;
    };
    const onEvent = whenTraining(() => {
      isTraining = true;
    });
    const { conditions } = await withFakeGpu(() =>
      runInProcess(job('createUntilDone'), { threads: 1, program, clock, onEvent }),
    );
    delete process.env.DLCMP_TEST_DONE;
    expect(conditions?.gpu).toMatchObject({ name: 'NVIDIA Test GPU B' });
    // At least five of those twelve lines tell of a second at 300 W each.
    expect(conditions?.gpu?.trainEnergyJoules).toBeGreaterThanOrEqual(5 * 300);
    expect(conditions?.gpuUtilization).toBeCloseTo(0.8);
  });

  it('measures a trial and returns what it found', async () => {
    const { answer, totalSeconds } = await runInProcess(job('createWorking'), {
      threads: 1,
      program,
    });
    expect(answer).toMatchObject({
      result: { accuracy: 0.5, device: 'CPU', trainCount: 4, testCount: 4 },
    });
    expect(totalSeconds).toBeGreaterThan(0);
  });

  it('takes the total time from spawning the process to its exit', async () => {
    const hands = [10];
    const clock = () => hands.shift() ?? 52;
    const { totalSeconds } = await runInProcess(job('createWorking'), {
      threads: 1,
      program,
      clock,
    });
    expect(totalSeconds).toBe(42);
  });

  it('measures the saved model again', async () => {
    const { answer } = await runInProcess(job('createWorking'), { threads: 1, program });
    expect(answer).toMatchObject({ result: { savedModel: { accuracy: 0.5, sizeBytes: 5 } } });
  });

  it('reports the phases in their order', async () => {
    const phases: string[] = [];
    await runInProcess(job('createWorking'), {
      threads: 1,
      program,
      onEvent: (event) => {
        if (event.type === 'phase') phases.push(event.phase);
      },
    });
    expect(phases).toEqual([
      'import',
      'create',
      'data',
      'train',
      'inference',
      'save',
      'latency',
      'throughput',
      'audit',
      'reload',
    ]);
  });

  it('sets the thread count in the environment', async () => {
    const { answer } = await runInProcess(job('createThreadTeller'), { threads: 3, program });
    expect(answer).toMatchObject({ result: { details: { threads: '3' } } });
  });

  it('records a non-zero exit', async () => {
    expect(await failure('createExiting')).toMatchObject({
      code: 'CRASHED',
      exitCode: 3,
      signal: null,
    });
  });

  it('records an abort in native code by its signal', async () => {
    expect(await failure('createAborting')).toMatchObject({
      code: 'CRASHED',
      exitCode: null,
      signal: 'SIGABRT',
    });
  });

  it('records an exception with its message and keeps its stack', async () => {
    const error = await failure('createThrowing');
    expect(error).toMatchObject({ code: 'UNKNOWN', message: 'the framework said no' });
    expect(error.stderrTail).toContain('faulty-adapters.mjs');
  });

  it('keeps only the end of what a flooding process writes', async () => {
    const error = await failure('createFlooding');
    expect(error.message).toBe('after the flood');
    expect(error.stderrTail).toContain('noise 19999');
    expect(error.stderrTail.length).toBeLessThanOrEqual(4000);
  });

  it('names a module that exports no such factory', async () => {
    expect((await failure('createNothing')).message).toContain('exports no function');
  });

  it('names a module that is not there', async () => {
    const missing = pathToFileURL(join(directory, 'missing.mjs')).href;
    const missingJob = { ...job('create'), adapter: { moduleUrl: missing, factory: 'create' } };
    const { answer } = await runInProcess(missingJob, { threads: 1, program });
    expect(answer).toMatchObject({ error: { code: 'UNKNOWN' } });
  });

  it('lets an aborted trial stop by itself', async () => {
    stopTimeouts();
    const controller = new AbortController();
    const onEvent = whenTraining(() => controller.abort());
    const error = await failure('createObedient', { signal: controller.signal, onEvent });
    expect(error).toMatchObject({ code: 'ABORTED', exitCode: 0 });
    // Nothing is left that would kill it.
    expect(jest.getTimerCount()).toBe(0);
  });

  it('kills an aborted trial that does not stop, after a second', async () => {
    stopTimeouts();
    const controller = new AbortController();
    const onEvent = whenTraining(() => {
      controller.abort();
      jest.advanceTimersByTime(999);
      expect(jest.getTimerCount()).toBe(1);
      jest.advanceTimersByTime(1);
    });
    const error = await failure('createHanging', { signal: controller.signal, onEvent });
    expect(error).toMatchObject({ code: 'ABORTED', signal: 'SIGKILL' });
  });

  it('kills a trial that takes longer than it may, and says so', async () => {
    stopTimeouts();
    const onEvent = whenTraining(() => {
      jest.advanceTimersByTime(59_999);
      expect(jest.getTimerCount()).toBe(1);
      jest.advanceTimersByTime(1);
    });
    const error = await failure('createBlocking', { timeoutSeconds: 60, onEvent });
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      signal: 'SIGKILL',
      message: expect.stringContaining('--trial-timeout'),
    });
  });

  it('samples the memory of a process that blocks its own event loop', async () => {
    const controller = new AbortController();
    // Node's timers go off in their order: those that take the samples before this one.
    const onEvent = whenTraining(() => setTimeout(() => controller.abort(), 1000));
    const { conditions } = await runInProcess(job('createBlocking'), {
      threads: 1,
      program,
      signal: controller.signal,
      onEvent,
    });
    // Node.js alone takes more than this.
    if (process.platform === 'linux') expect(conditions?.steadyRssBytes).toBeGreaterThan(2e7);
    else expect(conditions?.steadyRssBytes).toBeNull();
  });
});
