import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SMALL_SPEC } from '../small-spec';

let failure = new Error();

jest.unstable_mockModule('onnxruntime-node', () => {
  throw failure;
});

describe('where onnxruntime-node cannot be loaded', () => {
  beforeEach(() => {
    jest.resetModules();
  });

  it('imports all the same, and says how to install it', async () => {
    const { cnnOnnx } = await import('../../src/index');
    failure = new Error("Cannot find package 'onnxruntime-node' imported from index.js");
    await expect(cnnOnnx.create(SMALL_SPEC)).rejects.toMatchObject({
      code: 'FRAMEWORK_MISSING',
      message: expect.stringMatching(/npm install onnxruntime-node.*--ignore-scripts/),
    });
    const [blocks] = await cnnOnnx.probe();
    const reason = expect.stringContaining('not installed');
    expect(blocks).toEqual({ name: 'blocks', available: false, reason });
  });

  it('tells a missing native library from a missing package', async () => {
    const { cnnOnnx } = await import('../../src/index');
    failure = new Error(
      "Cannot find module '../bin/napi-v6/aix/ppc64/onnxruntime_binding.node'\nRequire stack:\n- node_modules/onnxruntime-node/dist/binding.js",
    );
    await expect(cnnOnnx.create(SMALL_SPEC)).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining('onnxruntime_binding.node'),
      cause: expect.objectContaining({ cause: failure }),
    });
  });
});
