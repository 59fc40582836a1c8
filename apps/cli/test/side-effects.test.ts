import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const here = fileURLToPath(new URL('..', import.meta.url));

/**
 * Imports a module in a process of its own and tells what that did to the process. zod, bundled into
 * bench-core, keeps its registry in a global of its own name.
 */
const PROBE = `
const before = new Set(Reflect.ownKeys(globalThis));
const listeners = process.eventNames().length;
await import(process.argv[1]);
const libraries = process.report.getReport().sharedObjects;
console.log(JSON.stringify({
  addons: libraries.filter((path) => path.endsWith('.node')),
  globals: Reflect.ownKeys(globalThis).filter((key) => !before.has(key)).map(String)
    .filter((name) => !name.startsWith('__zod_')),
  listeners: process.eventNames().length - listeners,
  resources: process.getActiveResourcesInfo().filter((name) => !/Pipe|TTY|FSReq|CloseReq/.test(name)),
}));
`;

describe('importing a package', () => {
  it.each([
    '@dlcmp/bench-core',
    '@dlcmp/contract',
    '@dlcmp/bench-core/testing',
    '@dlcmp/bench-core/results',
    '@dlcmp/report',
    '@dlcmp/data',
    '@dlcmp/serving',
    '@dlcmp/baseline-rf',
    '@dlcmp/cnn-onnx',
    '@dlcmp/cnn-tfjs',
    '@dlcmp/tensorflow',
    '@dlcmp/tensorflow/engine',
    '@dlcmp/tensorflow/setup',
  ])('%s loads no native code, prints nothing and leaves nothing behind', async (name) => {
    const args = ['--input-type=module', '--eval', PROBE, name];
    const { stdout, stderr } = await run(process.execPath, args, { cwd: here });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ addons: [], globals: [], listeners: 0, resources: [] });
  });

  it('@dlcmp/tensorflow/register, which is there for its effect on TensorFlow.js, loads no native code', async () => {
    const args = ['--input-type=module', '--eval', PROBE, '@dlcmp/tensorflow/register'];
    const { stdout } = await run(process.execPath, args, { cwd: here });
    expect(JSON.parse(stdout)).toMatchObject({ addons: [], listeners: 0, resources: [] });
  });
});
