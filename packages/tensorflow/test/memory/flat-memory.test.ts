import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { describeOnTensorFlow } from '../native-tensorflow';

const run = promisify(execFile);
const script = fileURLToPath(new URL('grow.mjs', import.meta.url));

/** Of a thousand calls: what garbage waits for its collector, and what the system counts late. */
const NOISE_MEGABYTES = 16;

describeOnTensorFlow('memory in a loop that never lets the event loop turn', () => {
  it.each(['tensors', 'predict', 'decodeImage', 'trainOnBatch'])('stays flat: %s', async (task) => {
    const { stdout } = await run(process.execPath, ['--expose-gc', script, task]);
    expect(Number(stdout) / 2 ** 20).toBeLessThan(NOISE_MEGABYTES);
  });
});
