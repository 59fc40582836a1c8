import { afterEach, describe, expect, it } from '@jest/globals';
import { cnnOnnx } from '../../../src/index';
import { explainFailure } from '../../../src/runtime/webgpu/open-webgpu';
import { probeWebGpu } from '../../../src/runtime/webgpu/probe-webgpu';
import { SMALL_SPEC } from '../../small-spec';

const { VK_DRIVER_FILES } = process.env;
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('without a Vulkan driver', () => {
  afterEach(() => {
    delete process.env.VK_DRIVER_FILES;
    if (VK_DRIVER_FILES !== undefined) process.env.VK_DRIVER_FILES = VK_DRIVER_FILES;
  });

  it('the probe says so, and what would help', async () => {
    process.env.VK_DRIVER_FILES = '/nowhere/driver.json';
    expect(await probeWebGpu()).toEqual({
      available: false,
      reason: 'no GPU was found that WebGPU can use.',
      remedy: expect.stringContaining('apt install libvulkan1'),
    });
  });
});

it('a build of ONNX Runtime without WebGPU is called that', () => {
  const message = 'WebGPU execution provider is not supported in this build.';
  expect(explainFailure(message).reason).toContain('has no WebGPU');
});

it('an unknown failure is told in its own words', () => {
  expect(explainFailure('the roof is on fire').reason).toContain('the roof is on fire');
});

it('an unknown backend is refused with the names of those there are', async () => {
  await expect(cnnOnnx.create(SMALL_SPEC, { backend: 'webgl' })).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: expect.stringContaining('blocks, graph, graph@cuda, graph@webgpu, cuda'),
  });
});
