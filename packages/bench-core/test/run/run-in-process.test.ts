import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TrialJob } from '../../src/run/process-messages';
import { runInProcess } from '../../src/run/run-in-process';

// A child process runs built code; `pnpm test` builds before it tests.
const program = fileURLToPath(new URL('../../dist/trial-process.js', import.meta.url));
const moduleUrl = new URL('./fixtures/faulty-adapters.mjs', import.meta.url).href;

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-process-'));
  await writeFile(join(directory, 'pixels'), new Uint8Array(4 * 8 * 8 * 3));
});

afterAll(() => rm(directory, { recursive: true }));

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

async function failure(factory: string, signal?: AbortSignal) {
  const { answer } = await runInProcess(job(factory), { threads: 1, program, signal });
  if ('result' in answer) throw new Error('The trial did not fail.');
  return answer.error;
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
    const { conditions } = await withFakeGpu(() =>
      runInProcess(job('createSlow'), { threads: 1, program }),
    );
    expect(conditions?.gpu).toMatchObject({ name: 'NVIDIA Test GPU B' });
    expect(conditions?.gpu?.trainEnergyJoules).toBeGreaterThan(100);
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
    const error = await failure('createObedient', AbortSignal.timeout(1000));
    expect(error).toMatchObject({ code: 'ABORTED', exitCode: 0 });
  });

  it('kills an aborted trial that does not stop', async () => {
    const error = await failure('createHanging', AbortSignal.timeout(1000));
    expect(error).toMatchObject({ code: 'ABORTED', signal: 'SIGKILL' });
  });

  it('kills a trial that takes longer than it may, and says so', async () => {
    const options = { threads: 1, program, timeoutSeconds: 1 };
    const { answer } = await runInProcess(job('createBlocking'), options);
    expect(answer).toMatchObject({ error: { code: 'TIMEOUT', signal: 'SIGKILL' } });
    expect(answer).toMatchObject({
      error: { message: expect.stringContaining('--trial-timeout') },
    });
  });

  it('samples the memory of a process that blocks its own event loop', async () => {
    const options = { threads: 1, program, timeoutSeconds: 3 };
    const { conditions } = await runInProcess(job('createBlocking'), options);
    // Node.js alone takes more than this.
    if (process.platform === 'linux') expect(conditions?.steadyRssBytes).toBeGreaterThan(2e7);
    else expect(conditions?.steadyRssBytes).toBeNull();
  });
});
