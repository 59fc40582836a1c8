import type { Engine } from '@dlcmp/contract';
import { createDeviceEngine, engineProbe } from '../devices/device-engine';
import type { WebGpuRuntime } from '../runtime/c-api/webgpu-runtime';
import { openWebGpuRuntime } from '../runtime/webgpu/open-webgpu';
import { probeWebGpu } from '../runtime/webgpu/probe-webgpu';
import { openWebGpuNetwork } from './webgpu-network';

export { probeWebGpu } from '../runtime/webgpu/probe-webgpu';

let runtime: WebGpuRuntime | undefined;

/** `simple-cnn` on the GPU that WebGPU offers; all models of a process share one runtime. */
export const webGpuEngine: Engine = createDeviceEngine({
  id: 'webgpu',
  title: 'ONNX Runtime on WebGPU, own operators',
  device: 'webgpu',
  computedBy: [
    { part: 'convolution', by: 'framework', what: 'ONNX Runtime’s WebGPU Conv and MatMul' },
    { part: 'matrix products', by: 'framework', what: 'ONNX Runtime’s WebGPU MatMul' },
    { part: 'pooling', by: 'framework', what: 'ONNX Runtime’s WebGPU element-wise operators' },
    { part: 'activations', by: 'framework', what: 'ONNX Runtime’s WebGPU element-wise operators' },
    { part: 'loss', by: 'framework', what: 'ONNX Runtime’s WebGPU element-wise operators' },
    { part: 'optimiser', by: 'framework', what: 'ONNX Runtime’s WebGPU element-wise operators' },
  ],
  probe: async () => {
    const probe = await probeWebGpu();
    if (!probe.available) return engineProbe(probe);
    return { available: true, hardware: probe.device, versions: probe.versions };
  },
  open: async (spec) => {
    runtime ??= openWebGpuRuntime();
    return openWebGpuNetwork(runtime, spec);
  },
});
