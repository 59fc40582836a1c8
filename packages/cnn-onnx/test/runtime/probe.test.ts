import { expect, it } from '@jest/globals';
import { createCnnOnnx } from '../../src/index';
import { SMALL_SPEC } from '../small-spec';

it('probe names the CPU and the version of ONNX Runtime', async () => {
  const [cpu] = await createCnnOnnx().probe();
  expect(cpu).toEqual({
    name: 'cpu',
    available: true,
    device: 'CPU',
    versions: { 'onnxruntime-node': expect.stringMatching(/^\d+\.\d+\.\d+$/) },
  });
});

it.each([0, 1.5, -1])('create refuses %p threads', async (threads) => {
  await expect(createCnnOnnx().create(SMALL_SPEC, { threads })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('threads'),
  });
});
