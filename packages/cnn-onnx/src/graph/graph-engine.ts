import type { Engine } from '@dlcmp/contract';
import { createOnnxRuntime, type OnnxRuntimeModule } from '../runtime/onnx-runtime';
import { GraphModel } from './graph-model';

/**
 * Networks of any nodes as ONNX graphs of ONNX Runtime's own operators: forward, gradients and optimiser.
 *
 * @param load the framework
 */
export function createGraphEngine(load: () => Promise<OnnxRuntimeModule>): Engine {
  return {
    id: 'graph',
    title: 'ONNX Runtime, own operators',
    devices: ['cpu'],
    computedBy: [
      { part: 'convolution', by: 'framework', what: 'ONNX Runtime’s Conv and ConvTranspose' },
      { part: 'matrix products', by: 'framework', what: 'ONNX Runtime’s Gemm and FusedMatMul' },
      { part: 'pooling', by: 'framework', what: 'ONNX Runtime’s MaxPool and AveragePool' },
      { part: 'batch norm', by: 'framework', what: 'ONNX Runtime’s element-wise operators' },
      { part: 'activations', by: 'framework', what: 'ONNX Runtime’s element-wise operators' },
      { part: 'loss', by: 'framework', what: 'ONNX Runtime’s SoftmaxCrossEntropyLoss' },
      { part: 'optimiser', by: 'framework', what: 'ONNX Runtime’s element-wise operators' },
    ],
    optimizers: ['adam', 'adamW', 'sgd'],
    clipsGradients: true,
    probe: async () => {
      const { versions } = (await load()).env;
      return {
        available: true,
        hardware: 'CPU',
        versions: { 'onnxruntime-node': versions.node ?? versions.common },
      };
    },
    supports: () => true,
    open: async (network, { threads }) =>
      new GraphModel(createOnnxRuntime(await load(), threads), network),
  };
}
