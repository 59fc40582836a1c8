import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { probeTensorFlow } from '@dlcmp/tensorflow/engine';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const program = fileURLToPath(new URL('fixtures/program.mjs', import.meta.url));
const { available } = await probeTensorFlow('CPU');

(available ? describe : describe.skip)('in the place of tfjs-node', () => {
  let folder: string;
  let printed: string[];
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlcmp-tfjs-node-'));
    const { stdout } = await run(process.execPath, [program, folder]);
    printed = stdout.trim().split('\n');
    seen = JSON.parse(printed.pop() ?? '');
  });

  afterAll(() => rm(folder, { recursive: true }));

  it("has every name of TensorFlow.js's and tfjs-node's own", () => {
    const tfjs = createRequire(import.meta.url)('@tensorflow/tfjs') as object;
    const names = new Set(seen.names as string[]);
    const wanted = [...Object.keys(tfjs), 'node', 'io', 'version'];
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
    expect(seen.versions).toEqual([expect.stringMatching(/^4\./), expect.stringMatching(/^4\./)]);
  });

  it('computes on TensorFlow from the import on, the same for import and require', () => {
    expect(seen).toMatchObject({ backend: 'tensorflow', isOne: true });
  });

  it('saves and loads by file:// and tf.io.fileSystem, and decodes images to int32', () => {
    expect(seen).toMatchObject({ error: 0, sum: 555 });
  });

  it('prints the progress of model.fit', () => {
    expect(printed[0]).toBe('Epoch 1 / 2');
    expect(printed[1]).toMatch(/^\d+ms \d+us\/step - loss=/);
  });

  it('writes scalars and histograms for TensorBoard', async () => {
    const logs = join(folder, 'logs/train');
    const [file = ''] = await readdir(logs);
    const events = await readFile(join(logs, file), 'latin1');
    expect(events).toContain('epoch_loss');
    expect(events).toContain('histograms');
  });
});

it('says on import what is missing and what brings it', async () => {
  const env = { ...process.env, DLCMP_TENSORFLOW: '/nowhere' };
  const required = run(process.execPath, ['--eval', "require('@dlcmp/tfjs-node')"], { env });
  await expect(required).rejects.toThrow(/DLCMP_TENSORFLOW names \/nowhere: there is no such file/);
});
