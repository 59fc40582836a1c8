import { defineNetworkAdapter, type NetworkAdapter } from '@dlcmp/contract';
import { stockEngine } from './engines/stock';
import { defineTensorEngine } from './engines/tensor-engine';
import { tunedEngine } from './engines/tuned';
import { wasmEngine } from './engines/wasm';
import { webgpuEngine } from './engines/webgpu';
import { saveLayersModel } from './layers-model/save-layers-model';
import { loadTensorFlowModules, type TensorFlowModules } from './tensorflow-modules';

export interface CnnTfjsOptions {
  /** Parts of TensorFlow.js that the caller has loaded. Default: they are imported. */
  readonly modules?: Partial<TensorFlowModules>;
}

/** The adapter that trains and runs networks in TensorFlow.js. Nothing is loaded yet. */
export function createCnnTfjs({ modules }: CnnTfjsOptions = {}): NetworkAdapter {
  const load = () => loadTensorFlowModules(modules);
  return defineNetworkAdapter({
    id: 'cnn-tfjs',
    displayName: 'TensorFlow.js (CNN)',
    frameworkDefaults: {
      initializer: 'glorot-uniform',
      adamEpsilon: 1e-7,
      augmentation: 'none',
    },
    engines: [tunedEngine, stockEngine, wasmEngine, webgpuEngine].map((table) =>
      defineTensorEngine(load, table),
    ),
    saveModelFiles: saveLayersModel,
  });
}

/** {@link createCnnTfjs} with its defaults. */
export const cnnTfjs: NetworkAdapter = createCnnTfjs();
