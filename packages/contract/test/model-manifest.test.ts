import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createInitialWeights,
  type ModelSpec,
  readModelManifest,
  simpleCnn,
  writeModelManifest,
} from '../src';

const spec: ModelSpec = {
  inputHeight: 24,
  inputWidth: 32,
  classNames: ['forêt', 'glacier'],
  seed: 5,
  network: simpleCnn({ channels: [1, 2, 3], hiddenUnits: 4, dropoutRate: 0.5 }),
};

const manifest = {
  schemaVersion: 1,
  adapter: 'cnn-onnx',
  inputHeight: 24,
  inputWidth: 32,
  classNames: ['forêt', 'glacier'],
  seed: 5,
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-manifest-'));
});
afterEach(() => rm(directory, { recursive: true }));

const writeManifestText = (text: string) => writeFile(join(directory, 'model.json'), text);

describe('writeModelManifest', () => {
  it('writes model.json into a directory that it creates', async () => {
    const nested = join(directory, 'runs', 'model');
    await writeModelManifest(nested, 'cnn-onnx', spec);
    expect(JSON.parse(await readFile(join(nested, 'model.json'), 'utf8'))).toEqual({
      ...manifest,
      network: spec.network,
    });
  });

  it('leaves weights and the network of what has none out', async () => {
    const initialWeights = createInitialWeights(spec);
    const { network: _, ...forest } = spec;
    await writeModelManifest(directory, 'cnn-onnx', { ...forest, initialWeights });
    expect(JSON.parse(await readFile(join(directory, 'model.json'), 'utf8'))).toEqual(manifest);
  });
});

describe('readModelManifest', () => {
  it('reads what writeModelManifest wrote', async () => {
    await writeModelManifest(directory, 'cnn-onnx', spec);
    expect(await readModelManifest(directory)).toEqual({
      schemaVersion: 1,
      adapter: 'cnn-onnx',
      ...spec,
    });
    expect((await readModelManifest(directory, 'cnn-onnx')).adapter).toBe('cnn-onnx');
  });

  it("refuses another adapter's model and names both", async () => {
    await writeModelManifest(directory, 'cnn-onnx', spec);
    await expect(readModelManifest(directory, 'cnn-tfjs')).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(/"cnn-onnx".*"cnn-tfjs"/),
    });
  });

  it('refuses a directory without one, with the cause', async () => {
    await expect(readModelManifest(directory)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('is not the directory of a saved model'),
      cause: { code: 'ENOENT' },
    });
  });

  it.each([
    '',
    '{"schemaVersion": 1',
    'null',
    '[]',
    '1',
    JSON.stringify({ ...manifest, schemaVersion: 2 }),
    JSON.stringify({ ...manifest, adapter: undefined }),
    JSON.stringify({ ...manifest, inputHeight: '24' }),
    JSON.stringify({ ...manifest, inputWidth: -32 }),
    JSON.stringify({ ...manifest, classNames: 'forêt' }),
    JSON.stringify({ ...manifest, classNames: [1, 2] }),
    JSON.stringify({ ...manifest, classNames: ['forêt', 'forêt'] }),
    JSON.stringify({ ...manifest, seed: null }),
  ])('refuses %s', async (text) => {
    await writeManifestText(text);
    await expect(readModelManifest(directory)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('model.json'),
    });
  });

  it('says which field is wrong', async () => {
    await writeManifestText(JSON.stringify({ ...manifest, inputWidth: 0 }));
    await expect(readModelManifest(directory)).rejects.toThrow(
      'inputWidth must be a whole number of pixels ≥ 1, not 0.',
    );
  });
});
