import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

it('says nothing of a reader that has closed the pipe, as head does', async () => {
  const child = spawn(process.execPath, [bin, 'bench', '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
  const [status] = await once(child, 'close');
  expect({ status, said }).toEqual({ status: 0, said: '' });
});
