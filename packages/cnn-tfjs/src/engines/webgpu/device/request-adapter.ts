import type { AdapterDescription } from './examine-adapter';
import type { DawnModule } from './load-packages';

/** A GPU that Dawn has found. `gpu` must be let go for the process to end. */
export interface FoundAdapter {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
}

/** On Linux through Vulkan alone: to look for OpenGL would load what writes to the terminal. */
export const DAWN_OPTIONS = process.platform === 'linux' ? ['backend=vulkan'] : [];

export const POWER_PREFERENCE = { powerPreference: 'high-performance' } as const;

/** The fastest GPU, or undefined where there is none that WebGPU can be had on. */
export async function requestAdapter(dawn: DawnModule): Promise<FoundAdapter | undefined> {
  const gpu = dawn.create(DAWN_OPTIONS);
  const adapter = await gpu.requestAdapter(POWER_PREFERENCE);
  return adapter ? { gpu, adapter } : undefined;
}

/** The GPU's name; one that is emulated on the CPU says so. */
export function adapterName(info: AdapterDescription): string {
  const name = info.device || info.architecture || info.vendor || 'unnamed GPU';
  return info.isFallbackAdapter ? `${name} (software, on the CPU)` : name;
}

/** What can be done where there is no adapter. */
export function adapterRemedy(): string {
  if (process.platform !== 'linux') return "Install the GPU vendor's driver.";
  return "Install the GPU's Vulkan driver and the Vulkan loader (Debian and Ubuntu: apt install libvulkan1).";
}

const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** A device with the largest limits that the adapter has, as TensorFlow.js asks for it. */
export function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  return adapter.requestDevice({
    requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
}
