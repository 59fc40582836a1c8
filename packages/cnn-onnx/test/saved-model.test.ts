import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CnnClassifier, readSafetensors } from '@dlcmp/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ort from 'onnxruntime-node';
import { cnnOnnx } from '../src/index';
import { relativeError } from './relative-error';
import { SMALL_SPEC, smallImages } from './small-spec';

describe('a saved model', () => {
  const images = smallImages(10);
  let directory: string;
  let classifier: CnnClassifier;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cnn-onnx-'));
    classifier = await cnnOnnx.create(SMALL_SPEC);
    await classifier.fit(images, { epochs: 2, batchSize: 4 });
    await classifier.save(directory);
  });
  afterAll(async () => {
    await classifier.dispose();
    await rm(directory, { recursive: true });
  });

  it('runs in a plain ONNX Runtime session, from bytes to probabilities', async () => {
    const session = await ort.InferenceSession.create(join(directory, 'model.onnx'));
    expect(session.inputNames).toEqual(['pixels']);
    expect(session.outputNames).toEqual(['probabilities']);
    const { probabilities } = await session.run({
      pixels: new ort.Tensor('uint8', images.pixels, [images.count, 9, 8, 3]),
    });
    await session.release();
    expect(probabilities?.dims).toEqual([images.count, 3]);
    const expected = await classifier.predict(images.pixels, images.count);
    expect(relativeError(probabilities?.data as Float32Array, expected)).toBeLessThan(1e-6);
  });

  it('says its class names and its normalisation', async () => {
    const file = await readFile(join(directory, 'model.onnx'));
    expect(file.includes('["forest","glacier","sea"]')).toBe(true);
    expect(file.includes('[0.485,0.456,0.406]')).toBe(true);
    expect(file.includes('[0.229,0.224,0.225]')).toBe(true);
  });

  it('holds its weights as safetensors', async () => {
    const saved = await readSafetensors(join(directory, 'weights.safetensors'));
    expect(saved).toEqual(await classifier.getWeights());
  });

  it('is refused where its weights are not those of its manifest', async () => {
    const other = await mkdtemp(join(tmpdir(), 'cnn-onnx-'));
    await classifier.save(other);
    const path = join(other, 'model.json');
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, inputHeight: 40 }));
    await expect(cnnOnnx.load(other)).rejects.toMatchObject({ code: 'INVALID_FILE' });
    await rm(other, { recursive: true });
  });
});
