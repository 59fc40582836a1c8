import { expect, it } from '@jest/globals';
import { createCnnOnnx } from '../../src/index';
import { SMALL_SPEC } from '../small-spec';

it('probe names the CPU and the version of ONNX Runtime', async () => {
  const [blocks, graph] = await createCnnOnnx().probe();
  const versions = { 'onnxruntime-node': expect.stringMatching(/^\d+\.\d+\.\d+$/) };
  expect(blocks).toEqual({ name: 'blocks', available: true, device: 'CPU', versions });
  expect(graph).toEqual({ name: 'graph', available: true, device: 'CPU', versions });
});

it.each([0, 1.5, -1])('create refuses %p threads', async (threads) => {
  await expect(createCnnOnnx().create(SMALL_SPEC, { threads })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('threads'),
  });
});
