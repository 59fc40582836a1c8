import { defineNetworkAdapter, type NetworkAdapter } from '@dlcmp/contract';
import { createBlocksEngine } from './blocks/blocks-engine';
import { cudaEngine } from './cuda';
import { createGraphEngine } from './graph/graph-engine';
import { saveOnnxModel } from './graph/save-onnx-model';
import { importOnnxRuntime, type OnnxRuntimeModule } from './runtime/onnx-runtime';

export interface CnnOnnxOptions {
  /**
   * The framework, where the caller has loaded it: then `blocks`, which needs the library by its path, is not available.
   * Default: `onnxruntime-node` is imported.
   */
  readonly onnxruntime?: OnnxRuntimeModule;
}

/** The adapter that trains and runs networks in ONNX Runtime. Nothing is loaded yet. */
export function createCnnOnnx({ onnxruntime }: CnnOnnxOptions = {}): NetworkAdapter {
  const load = async () => onnxruntime ?? importOnnxRuntime();
  return defineNetworkAdapter({
    id: 'cnn-onnx',
    displayName: 'ONNX Runtime (CNN)',
    frameworkDefaults: {
      initializer: 'uniform-fan-in',
      adamEpsilon: 1e-8,
      augmentation: 'horizontal-flip',
    },
    engines: [
      createBlocksEngine(load, onnxruntime !== undefined),
      createGraphEngine(load),
      cudaEngine,
    ],
    saveModelFiles: saveOnnxModel,
  });
}
