import type { Engine } from '@dlcmp/contract';
import { assertFitsMemory, DlcmpError, WEBASSEMBLY_LIMIT } from '@dlcmp/contract';
import { findNativeLibrary } from '../runtime/native-library';
import { createOnnxRuntime, type OnnxRuntimeModule } from '../runtime/onnx-runtime';
import { BlocksModel } from './blocks-model';
import { splitNetwork } from './split-network';

/**
 * Networks that begin with convolution blocks: these, and a dense layer behind them, by WebAssembly kernels and ONNX Runtime's
 * matrix products, each thread taking images of its own; what follows as one ONNX graph.
 *
 * @param load the framework
 * @param injected whether it is a module of the caller's, whose native library is not known
 */
export function createBlocksEngine(
  load: () => Promise<OnnxRuntimeModule>,
  injected: boolean,
): Engine {
  const library = () => (injected ? undefined : findNativeLibrary());
  const reason = injected
    ? 'it calls the library inside onnxruntime-node from threads of its own, which a module handed to createCnnOnnx need not have'
    : 'it calls ONNX Runtime’s library from threads of its own, which is not where onnxruntime-node has had it so far';
  return {
    id: 'blocks',
    title: 'ONNX Runtime with block kernels of dlcmp',
    devices: ['cpu'],
    computedBy: [
      { part: 'convolution', by: 'dlcmp', what: 'WebAssembly kernels of dlcmp (Winograd)' },
      { part: 'matrix products', by: 'framework', what: 'ONNX Runtime’s MatMul' },
      { part: 'pooling', by: 'dlcmp', what: 'WebAssembly kernels of dlcmp' },
      { part: 'activations', by: 'dlcmp', what: 'WebAssembly kernels of dlcmp' },
      {
        part: 'nodes behind the blocks',
        by: 'framework',
        what: 'ONNX Runtime’s operators, but for a dense layer right behind them',
      },
      { part: 'loss', by: 'framework', what: 'ONNX Runtime’s element-wise operators' },
      { part: 'optimiser', by: 'dlcmp', what: 'WebAssembly kernels of dlcmp' },
    ],
    optimizers: ['sgd', 'adam', 'adamW'],
    clipsGradients: true,
    probe: async () => {
      const { versions } = (await load()).env;
      if (library() === undefined) return { available: false, reason };
      return {
        available: true,
        hardware: 'CPU',
        versions: { 'onnxruntime-node': versions.node ?? versions.common },
      };
    },
    supports: (network) => {
      const split = splitNetwork(network);
      return typeof split === 'string' ? split : true;
    },
    open: async (network, { threads }) => {
      assertFitsMemory(network.weightShapes, WEBASSEMBLY_LIMIT);
      const [path, split] = [library(), splitNetwork(network)];
      if (path === undefined || typeof split === 'string')
        throw new DlcmpError(
          'BACKEND_UNAVAILABLE',
          `The engine blocks cannot run here: ${path === undefined ? reason : split}. Choose the engine graph.`,
        );
      return BlocksModel.open(createOnnxRuntime(await load(), threads), path, network, split);
    },
  };
}
