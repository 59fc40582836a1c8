import type { Device, Engine, Network, TrainableModel } from '@dlcmp/contract';
import { createOnnxRuntime, type OnnxRuntimeModule } from '../runtime/onnx-runtime';
import { DeviceModel } from './devices/device-model';
import { openGraphDevice, probeGraphDevice } from './devices/open-graph-device';
import { GraphModel } from './graph-model';

/**
 * Networks of any nodes as ONNX graphs of ONNX Runtime's own operators: forward, gradients and optimiser. On a GPU each
 * operator runs there: none is left to the CPU.
 *
 * @param load the framework
 */
export function createGraphEngine(load: () => Promise<OnnxRuntimeModule>): Engine {
  return {
    id: 'graph',
    title: 'ONNX Runtime, own operators',
    devices: ['cpu', 'cuda', 'webgpu'],
    computedBy: [
      { part: 'convolution', by: 'framework', what: 'ONNX Runtime’s Conv and ConvTranspose' },
      { part: 'matrix products', by: 'framework', what: 'ONNX Runtime’s Gemm and MatMul' },
      { part: 'pooling', by: 'framework', what: 'ONNX Runtime’s MaxPool and AveragePool' },
      { part: 'batch norm', by: 'framework', what: 'ONNX Runtime’s element-wise operators' },
      { part: 'activations', by: 'framework', what: 'ONNX Runtime’s element-wise operators' },
      { part: 'loss', by: 'framework', what: 'ONNX Runtime’s element-wise operators' },
      { part: 'optimiser', by: 'framework', what: 'ONNX Runtime’s element-wise operators' },
    ],
    optimizers: ['adam', 'adamW', 'sgd'],
    clipsGradients: true,
    ratesByWeight: ['cpu'],
    probe: async (device) => (device === 'cpu' ? probeCpu(load) : probeGraphDevice(device)),
    supports: () => true,
    open: async (network, { device, threads }) =>
      device === 'cpu'
        ? new GraphModel(createOnnxRuntime(await load(), threads), network)
        : openOnDevice(network, device),
  };
}

async function probeCpu(load: () => Promise<OnnxRuntimeModule>): ReturnType<Engine['probe']> {
  const { versions } = (await load()).env;
  return {
    available: true,
    hardware: 'CPU',
    versions: { 'onnxruntime-node': versions.node ?? versions.common },
  };
}

async function openOnDevice(
  network: Network,
  device: Exclude<Device, 'cpu'>,
): Promise<TrainableModel> {
  return new DeviceModel(await openGraphDevice(device), network);
}
