import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cnnOnnx,
  constantSchedule,
  createSequentialClassifier,
  type LoadOnnxOptions,
  loadOnnxClassifier,
} from '../src/index';
import { relativeError } from '../test/relative-error';
import { SMALL_SEQUENTIAL } from '../test/small-network';
import { SMALL_SPEC, smallImages } from '../test/small-spec';
import { readFloats, runPython, writePixels } from './python';

const images = smallImages(37);
const { inputHeight, inputWidth, classNames } = SMALL_SEQUENTIAL;
const ROUNDING = 1e-5;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'interop-'));
  await writePixels(directory, images.pixels, [images.count, inputHeight, inputWidth, 3]);
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Softmax of rows of three. */
function softmax(logits: Float32Array): Float32Array {
  const exponentials = logits.map(Math.exp);
  return exponentials.map((value, index) => {
    const row = index - (index % 3);
    return value / exponentials.subarray(row, row + 3).reduce((sum, other) => sum + other, 0);
  });
}

describe('a saved model', () => {
  it('of any layers passes the onnx checker, and answers the same in onnxruntime and PyTorch', async () => {
    const classifier = await createSequentialClassifier(SMALL_SEQUENTIAL);
    await classifier.fit(images, { epochs: 3, batchSize: 8, schedule: constantSchedule(0.02) });
    await classifier.save(directory);
    const probabilities = await classifier.predict(images.pixels, images.count);
    const logits = await classifier.predictLogits(images.pixels, images.count);
    await classifier.dispose();
    await runPython('check', join(directory, 'model.onnx'));
    await runPython('predict', join(directory, 'model.onnx'), directory);
    const inPython = await readFloats(join(directory, 'probabilities.bin'));
    expect(relativeError(inPython, probabilities)).toBeLessThan(ROUNDING);
    await runPython('torch-predict', directory);
    const inPyTorch = await readFloats(join(directory, 'logits.bin'));
    expect(relativeError(inPyTorch, logits)).toBeLessThan(ROUNDING);
  });

  it('of the adapter passes the onnx checker, and answers the same in onnxruntime', async () => {
    const classifier = await cnnOnnx.create(SMALL_SPEC);
    await classifier.fit(images, { epochs: 2, batchSize: 8 });
    await classifier.save(directory);
    const expected = await classifier.predict(images.pixels, images.count);
    await classifier.dispose();
    await runPython('check', join(directory, 'model.onnx'));
    await runPython('predict', join(directory, 'model.onnx'), directory);
    const actual = await readFloats(join(directory, 'probabilities.bin'));
    expect(relativeError(actual, expected)).toBeLessThan(ROUNDING);
  });
});

it('weights that PyTorch saved give PyTorch’s answers', async () => {
  const path = join(directory, 'pytorch.safetensors');
  await runPython('torch-save', path);
  const classifier = await createSequentialClassifier({
    ...SMALL_SEQUENTIAL,
    initialWeights: path,
  });
  const actual = await classifier.predictLogits(images.pixels, images.count);
  await classifier.dispose();
  expect(relativeError(actual, await readFloats(join(directory, 'logits.bin')))).toBeLessThan(
    ROUNDING,
  );
});

const TORCH: LoadOnnxOptions = { normalisation: 'imagenet', activation: 'softmax' };

describe('loadOnnxClassifier', () => {
  it.each(['fixed', 'dynamic'])('opens what PyTorch exported, %s batch', async (batch) => {
    await runPython('torch-export', directory);
    const path = join(directory, `${batch}.onnx`);
    const classifier = await loadOnnxClassifier(path, { ...TORCH, classNames });
    const actual = await classifier.predict(images.pixels, images.count);
    expect(classifier.inputSize).toEqual({ inputHeight, inputWidth });
    await classifier.dispose();
    const logits = await readFloats(join(directory, 'logits.bin'));
    expect(relativeError(actual, softmax(logits))).toBeLessThan(ROUNDING);
    await expect(loadOnnxClassifier(path, { ...TORCH, layout: 'NHWC' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('Give layout NCHW'),
    });
    await expect(loadOnnxClassifier(path, { ...TORCH, inputHeight: 224 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('inputHeight 9, not 224'),
    });
    await expect(
      loadOnnxClassifier(path, { ...TORCH, classNames: ['a', 'b'] }),
    ).rejects.toMatchObject({ message: expect.stringContaining('3 classes') });
  });

  it('opens what a Keras model looks like, softmax inside', async () => {
    await runPython('keras-like', directory);
    const classifier = await loadOnnxClassifier(join(directory, 'keras.onnx'), {
      normalisation: { scale: 127.5, mean: [1, 1, 1], standardDeviation: [1, 1, 1] },
    });
    const actual = await classifier.predict(images.pixels, images.count);
    expect(classifier.classNames).toEqual(['class 0', 'class 1', 'class 2']);
    await classifier.dispose();
    const expected = await readFloats(join(directory, 'probabilities.bin'));
    expect(relativeError(actual, expected)).toBeLessThan(ROUNDING);
  });

  it('says what is wrong with a file that is none', async () => {
    const path = join(directory, 'text.onnx');
    await writeFile(path, 'no model');
    await expect(loadOnnxClassifier(path, TORCH)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('text.onnx cannot be opened as an ONNX model'),
    });
  });
});
