import { expect, test } from '@jest/globals';
import { loadPeer } from '../../src/report/load-peer';

test('names the command that installs what is missing', async () => {
  const name = 'a-package-that-nobody-installed';
  await expect(loadPeer(name, () => import(name))).rejects.toMatchObject({
    code: 'FRAMEWORK_MISSING',
    message: expect.stringMatching(/a-package-that-nobody-installed.*npm install echarts /),
    cause: expect.anything(),
  });
});

test('hands on what it loaded', async () => {
  expect(await loadPeer('node:path', () => import('node:path'))).toHaveProperty('join');
});
