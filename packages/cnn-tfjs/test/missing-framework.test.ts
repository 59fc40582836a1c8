import { describe, expect, it, jest } from '@jest/globals';
import { SMALL_SPEC } from './small-spec';

const importTensorFlow = jest.fn(() => {
  throw new Error("Cannot find package '@tensorflow/tfjs-core'");
});
jest.unstable_mockModule('@tensorflow/tfjs-core', importTensorFlow);
const { cnnTfjs } = await import('../src');

describe('without TensorFlow.js', () => {
  it('imports all the same, and asks for it only when it is needed', async () => {
    expect(importTensorFlow).not.toHaveBeenCalled();
    await cnnTfjs.probe();
    expect(importTensorFlow).toHaveBeenCalled();
  });

  it('says what to install', async () => {
    await expect(cnnTfjs.create(SMALL_SPEC)).rejects.toMatchObject({
      code: 'FRAMEWORK_MISSING',
      message: expect.stringContaining('npm install @tensorflow/tfjs-core'),
    });
  });

  it('is probed as unavailable', async () => {
    const reason = expect.stringContaining('npm install');
    expect(await cnnTfjs.probe()).toEqual([
      { name: 'tuned', available: false, reason },
      { name: 'tuned@cuda', available: false, reason },
      { name: 'stock', available: false, reason },
      { name: 'wasm', available: false, reason },
      { name: 'webgpu', available: false, reason },
    ]);
  });
});
