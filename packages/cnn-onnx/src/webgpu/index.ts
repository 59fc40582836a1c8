import type { Engine } from '@dlcmp/contract';
import { createDeviceEngine } from '../devices/device-engine';
import { openWebGpu } from '../runtime/webgpu/open-webgpu';
import { probeWebGpu } from '../runtime/webgpu/probe-webgpu';
import { openWebGpuNetwork } from './webgpu-network';

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
  probe: probeWebGpu,
  open: async (spec) => openWebGpuNetwork(openWebGpu(), spec),
});
