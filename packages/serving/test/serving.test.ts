import { rm } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { openServing } from '../src';
import {
  ADAPTER,
  batchOf,
  ENDLESS_CALL,
  ENDLESS_LOOP,
  FATAL,
  image,
  NEVER_OPEN,
  saveBlockingModel,
  UNANSWERABLE,
  until,
  withServing,
} from './blocking-model';

const fileOf = (value: number, format: 'png' | 'jpeg' | 'webp') =>
  sharp({
    create: { width: 64, height: 32, channels: 3, background: { r: value, g: value, b: value } },
  })
    .toFormat(format)
    .toBuffer();

const isAlive = (processId: number) => {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
};

describe('a serving', () => {
  test('answers each request with its own image, pixels and files alike', async () => {
    await withServing(1, { workers: 2, maxBatch: 4 }, async (serving) => {
      expect(serving.model.classNames).toEqual(['mean', 'batch', 'none']);
      const values = Array.from({ length: 40 }, (_, index) => index + 100);
      const pixels = await Promise.all(values.map((value) => serving.predictPixels(image(value))));
      expect(pixels.map(([mean]) => mean)).toEqual(values);
      const files = await Promise.all(
        (['png', 'jpeg', 'webp'] as const).map(async (format, index) =>
          serving.predictImage(await fileOf(100 + 50 * index, format)),
        ),
      );
      for (const [index, [mean = 0]] of files.entries()) {
        expect(Math.abs(mean - (100 + 50 * index))).toBeLessThanOrEqual(2);
      }
    });
  });

  test('keeps no answer that it has given', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    await withServing(1, { workers: 1, maxBatch: 1 }, async (serving) => {
      const answers: WeakRef<Float32Array>[] = [];
      for (let value = 0; value < 10; value++) {
        answers.push(new WeakRef(await serving.predictPixels(image(value))));
      }
      for (let pass = 0; pass < 2; pass++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        collectGarbage();
      }
      expect(answers.filter((answer) => answer.deref())).toEqual([]);
    });
  });

  test('leaves the event loop free while it computes', async () => {
    await withServing(200, { workers: 1 }, async (serving) => {
      let isAnswered = false;
      const answer = serving.predictPixels(image(1)).then(() => {
        isAnswered = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(isAnswered).toBe(false);
      await answer;
    });
  });

  test('computes together what waits, up to maxBatch', async () => {
    await withServing(50, { workers: 1, maxBatch: 4 }, async (serving) => {
      const answers = Array.from({ length: 10 }, () => serving.predictPixels(image(1)));
      expect((await Promise.all(answers)).map(batchOf)).toEqual([1, 4, 4, 4, 4, 4, 4, 4, 4, 1]);
      expect(serving.stats()).toMatchObject({ answered: 10, batches: 4, meanBatch: 2.5 });
    });
  });

  test('waits for maxDelayMs, and no longer than until a batch is full', async () => {
    await withServing(1, { workers: 1, maxBatch: 3, maxDelayMs: 400 }, async (serving) => {
      const start = performance.now();
      const full = Array.from({ length: 3 }, () => serving.predictPixels(image(1)));
      expect((await Promise.all(full)).map(batchOf)).toEqual([3, 3, 3]);
      const whole = performance.now() - start;
      const two = Array.from({ length: 2 }, () => serving.predictPixels(image(1)));
      expect((await Promise.all(two)).map(batchOf)).toEqual([2, 2]);
      expect(performance.now() - start - whole).toBeGreaterThan(395);
    });
  });

  test('refuses more requests than may wait', async () => {
    await withServing(50, { workers: 1, maxBatch: 1, maxQueue: 2 }, async (serving) => {
      const answers = Array.from({ length: 5 }, () => serving.predictPixels(image(1)));
      const settled = await Promise.allSettled(answers);
      expect(settled.map(({ status }) => status)).toEqual([
        ...['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
      ]);
      expect(settled[4]).toMatchObject({ reason: { name: 'DlcmpError', code: 'OVERLOADED' } });
      expect(serving.stats()).toMatchObject({ answered: 3, refused: 2, waiting: 0, running: 0 });
    });
  });

  test('gives up what is aborted, whether it waits or is computed', async () => {
    await withServing(100, { workers: 1, maxBatch: 2 }, async (serving) => {
      const running = new AbortController();
      const waiting = new AbortController();
      const first = serving.predictPixels(image(1), running);
      const second = serving.predictPixels(image(2), waiting);
      const third = serving.predictPixels(image(3));
      setTimeout(() => running.abort(), 10);
      setTimeout(() => waiting.abort(), 10);
      await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
      await expect(second).rejects.toMatchObject({ code: 'ABORTED' });
      expect(serving.stats()).toMatchObject({ aborted: 2, waiting: 1 });
      expect(batchOf(await third)).toBe(1);
      const early = { signal: AbortSignal.abort() };
      await expect(serving.predictPixels(image(1), early)).rejects.toMatchObject({
        code: 'ABORTED',
      });
    });
  });

  test('tells what is wrong with one image, and answers those beside it', async () => {
    await withServing(30, { workers: 1 }, async (serving) => {
      const [, damaged, short, sound] = await Promise.allSettled([
        serving.predictPixels(image(1)),
        serving.predictImage((await fileOf(9, 'png')).subarray(0, 60)),
        serving.predictPixels(new Uint8Array(5)),
        serving.predictPixels(image(3)),
      ]);
      expect(damaged).toMatchObject({ reason: { code: 'INVALID_DATA' } });
      expect(short).toMatchObject({ reason: { code: 'INVALID_ARGUMENT' } });
      expect(sound).toMatchObject({ status: 'fulfilled' });
      await expect(serving.predictPixels(image(UNANSWERABLE))).rejects.toThrow(
        'It cannot be answered.',
      );
      await expect(serving.predictImage(new Uint8Array(11 * 2 ** 20))).rejects.toMatchObject({
        code: 'INVALID_DATA',
      });
    });
  });

  test('answers what waits before it closes, then nothing, and leaves no process', async () => {
    await withServing(50, { workers: 1, maxBatch: 1 }, async (serving) => {
      const answers = Array.from({ length: 3 }, () => serving.predictPixels(image(5)));
      const { processIds } = serving.stats();
      const closed = serving.close();
      await expect(serving.predictPixels(image(1))).rejects.toMatchObject({ code: 'DISPOSED' });
      expect((await Promise.all(answers)).map(([mean]) => mean)).toEqual([5, 5, 5]);
      await closed;
      expect(processIds).toHaveLength(1);
      expect(processIds.filter(isAlive)).toEqual([]);
    });
  });
});

describe('a worker that dies', () => {
  test('fails the requests that it computes, once each, and is replaced: twenty kills of twenty', async () => {
    await withServing(5, { workers: 2, maxBatch: 4, maxQueue: 1000 }, async (serving) => {
      let isOver = false;
      const outcomes: string[] = [];
      let asked = 0;
      const client = async () => {
        while (!isOver) {
          const value = 100 + (asked++ % 100);
          const outcome = await serving.predictPixels(image(value)).then(
            ([mean]) => (mean === value ? 'answered' : 'wrong'),
            ({ code }: { code: string }) => code,
          );
          outcomes.push(outcome);
        }
      };
      const clients = Array.from({ length: 6 }, client);
      for (let kill = 1; kill <= 20; kill++) {
        const { processIds } = serving.stats();
        process.kill(processIds[kill % processIds.length] as number, 'SIGKILL');
        await until(() => serving.stats().restarts === kill);
      }
      isOver = true;
      await Promise.all(clients);
      expect(outcomes).toHaveLength(asked);
      expect([...new Set(outcomes)].sort()).toEqual(['WORKER_FAILED', 'answered']);
      // Each kill meets no more than one batch, and what a worker is given before it is known to have ended.
      const lost = outcomes.filter((outcome) => outcome === 'WORKER_FAILED').length;
      expect(lost).toBeLessThanOrEqual(20 * 2 * 4);
      expect(serving.stats()).toMatchObject({ workers: 2, waiting: 0, running: 0 });
    });
  });

  test('because of an image takes that one alone with it', async () => {
    await withServing(1, { workers: 1, maxBatch: 1 }, async (serving) => {
      const [fatal, next] = await Promise.allSettled([
        serving.predictPixels(image(FATAL)),
        serving.predictPixels(image(7)),
      ]);
      expect(fatal).toMatchObject({ reason: { code: 'WORKER_FAILED' } });
      expect(fatal).toMatchObject({ reason: { message: expect.stringContaining('SIGKILL') } });
      expect(next).toMatchObject({ status: 'fulfilled' });
    });
  });

  test('and cannot be started anew fails what waits, until it can', async () => {
    const path = await saveBlockingModel(1);
    const serving = await openServing({ path, adapter: ADAPTER }, { workers: 1, threads: 1 });
    try {
      await rm(path, { recursive: true });
      await expect(serving.predictPixels(image(FATAL))).rejects.toMatchObject({
        code: 'WORKER_FAILED',
      });
      await expect(serving.predictPixels(image(1))).rejects.toMatchObject({ code: 'INVALID_FILE' });
      await expect(serving.predictPixels(image(1))).rejects.toMatchObject({ code: 'INVALID_FILE' });
    } finally {
      await serving.close();
    }
  });
});

describe('a worker that is stuck', () => {
  test.each([
    ['a loop', ENDLESS_LOOP],
    ['a native call', ENDLESS_CALL],
  ])(
    'in %s is ended after answerTimeoutMs, its request fails, the next is answered',
    async (_, endless) => {
      const options = { workers: 1, maxBatch: 1, answerTimeoutMs: 300 };
      await withServing(1, options, async (serving) => {
        const { processIds } = serving.stats();
        const start = performance.now();
        const waits = serving.predictPixels(image(endless)).finally(() => {
          expect(performance.now() - start).toBeGreaterThan(295);
        });
        const [stuck, next] = await Promise.allSettled([waits, serving.predictPixels(image(7))]);
        expect(stuck).toMatchObject({ reason: { code: 'WORKER_FAILED' } });
        expect(stuck).toMatchObject({
          reason: { message: expect.stringMatching(/300 ms.*answerTimeoutMs/) },
        });
        expect(next).toMatchObject({ status: 'fulfilled' });
        expect(serving.stats()).toMatchObject({ workers: 1, restarts: 1, failed: 1, answered: 1 });
        await until(() => !processIds.some(isAlive));
      });
    },
  );

  test('is not one whose answer waits until the server itself has time', async () => {
    await withServing(20, { workers: 1, answerTimeoutMs: 400 }, async (serving) => {
      const answer = serving.predictPixels(image(7));
      await new Promise((resolve) => setTimeout(resolve, 5));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 800);
      expect((await answer)[0]).toBe(7);
      expect(serving.stats().restarts).toBe(0);
    });
  });

  test('while it opens the model is ended after openTimeoutMs', async () => {
    const path = await saveBlockingModel(NEVER_OPEN);
    const opening = openServing({ path, adapter: ADAPTER }, { workers: 2, openTimeoutMs: 500 });
    await expect(opening).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      message: expect.stringContaining('openTimeoutMs'),
    });
    await rm(path, { recursive: true });
  });
});

describe('openServing', () => {
  test('says why a model cannot be opened', async () => {
    const path = await saveBlockingModel(1);
    await expect(openServing('nowhere')).rejects.toMatchObject({ code: 'INVALID_FILE' });
    await expect(openServing(path)).rejects.toMatchObject({
      code: 'FRAMEWORK_MISSING',
      message: expect.stringContaining('npm install @dlcmp/blocking'),
    });
    const module = new URL('../dist/index.js', import.meta.url).href;
    await expect(openServing({ path, adapter: module })).rejects.toThrow(/exports no adapter/);
    const onnx = { path: 'model.onnx', adapter: ADAPTER };
    await expect(openServing(onnx)).rejects.toThrow(/exports no loadOnnxClassifier/);
    await rm(path, { recursive: true });
  });

  test.each([
    [{ workers: 0 }, 'workers must be a whole number ≥ 1, not 0.'],
    [{ maxBatch: 1.5 }, 'maxBatch must be a whole number ≥ 1, not 1.5.'],
    [{ maxDelayMs: -1 }, 'maxDelayMs must be a number of milliseconds ≥ 0, not -1.'],
    [{ maxQueue: -1 }, 'maxQueue must be a whole number ≥ 0, not -1.'],
    [{ answerTimeoutMs: 0 }, 'answerTimeoutMs must be a whole number ≥ 1, not 0.'],
    [{ openTimeoutMs: 2 ** 31 }, 'openTimeoutMs must be 2147483647 ms at most, not 2147483648.'],
    [{ threads: 0 }, /threads must be a whole number ≥ 1/],
  ])('refuses %j', async (options, message) => {
    await expect(openServing('nowhere', options)).rejects.toThrow(message);
  });
});
