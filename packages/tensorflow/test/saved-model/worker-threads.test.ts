import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnTensorFlow } from '../native-tensorflow';
import { writeIdentityModel } from './write-saved-model';

const program = fileURLToPath(new URL('predict-in-worker.mjs', import.meta.url));

describeOnTensorFlow('a SavedModel in worker threads', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlcmp-workers-'));
    for (const type of ['DT_INT64', 'DT_UINT8', 'DT_STRING'] as const) {
      await writeIdentityModel(join(folder, type), type);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('takes and gives int64, bytes and strings, in two threads at once and in one after them', async () => {
    const tasks = (offset: number, word: string) => [
      { directory: join(folder, 'DT_INT64'), values: [-1 - offset, offset], dtype: 'int32' },
      { directory: join(folder, 'DT_UINT8'), values: [255 - offset, offset], dtype: 'int32' },
      { directory: join(folder, 'DT_STRING'), values: [word, ''], dtype: 'string' },
    ];
    const predict = async (offset: number, word: string) => {
      const worker = new Worker(program, { workerData: tasks(offset, word) });
      const [[answers], [exitCode]] = await Promise.all([
        once(worker, 'message'),
        once(worker, 'exit'),
      ]);
      expect(exitCode).toBe(0);
      return answers;
    };
    const answers = [...(await Promise.all([predict(1, 'grün'), predict(2, 'sea')]))];
    answers.push(await predict(3, 'sky'));
    const words = ['grün', 'sea', 'sky'];
    expect(answers).toEqual(
      words.map((word, index) => [
        [BigInt(-2 - index), BigInt(index + 1)],
        [254 - index, index + 1],
        [word, ''],
      ]),
    );
  });
});
