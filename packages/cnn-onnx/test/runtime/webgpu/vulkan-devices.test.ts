import { expect, it } from '@jest/globals';
import { describeDevice, type VulkanDevice } from '../../../src/runtime/webgpu/vulkan-devices';

const discrete: VulkanDevice = { name: 'Big GPU', type: 'discrete' };
const other: VulkanDevice = { name: 'Other GPU', type: 'discrete' };
const integrated: VulkanDevice = { name: 'Small GPU', type: 'integrated' };
const software: VulkanDevice = { name: 'llvmpipe', type: 'software' };

it.each([
  ['the fastest kind there is', [software, integrated, discrete], 'Big GPU'],
  ['one name for several of a kind that are alike', [discrete, discrete], 'Big GPU'],
  ['all names where it cannot be known which', [discrete, other], 'one of Big GPU, Other GPU'],
  ['software by its name', [software], 'llvmpipe (software, on the CPU)'],
  ['no name where Vulkan tells none', [], 'GPU'],
])('%s', (_, devices, expected) => {
  expect(describeDevice(devices)).toBe(expected);
});
