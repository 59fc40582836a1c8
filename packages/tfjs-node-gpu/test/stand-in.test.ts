import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const run = promisify(execFile);

/** Says with what TensorFlow.js computes; or the process ends with the reason why there is no GPU. */
const PROGRAM = `
const tf = require('@dlcmp/tfjs-node-gpu');
tf.ready().then(() => tf.add(1, 2).data()).then(([sum]) => console.log(tf.getBackend(), sum, typeof tf.node.decodeImage));
`;

it('computes on a GPU once TensorFlow.js is ready, or ends with what is missing, but on nothing else', async () => {
  const { stdout, stderr } = await run(process.execPath, ['--eval', PROGRAM]).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  if (stdout === '') expect(stderr).toMatch(/DlcmpError: TensorFlow cannot use a GPU: .+/);
  else expect(stdout.trim()).toBe('tensorflow 3 function');
});
