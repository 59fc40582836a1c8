/* A process that tries WebGPU and says on its last line what came of it, see `probe-webgpu.ts`. */
import { createRequire } from 'node:module';
import { tryWebGpu } from './runtime/webgpu/open-webgpu';
import type { ProbeAnswer } from './runtime/webgpu/probe-webgpu';
import { describeDevice, listVulkanDevices } from './runtime/webgpu/vulkan-devices';

function answer(): ProbeAnswer {
  try {
    tryWebGpu();
    const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
      version: string;
    };
    const device = process.platform === 'linux' ? describeDevice(listVulkanDevices()) : 'GPU';
    return { device, version };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

process.stdout.write(`\n${JSON.stringify(answer())}\n`, () => process.exit());
