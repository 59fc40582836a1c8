import type { TensorFlow } from '../../tensorflow-modules';
import { NativeBinding } from './binding/native-binding';
import { registerKernels } from './kernels/register-kernels';
import { loadFirstLibrary } from './library/find-library';
import { keepFreedMemory } from './malloc';
import { loadTfjsNode, type NodeBackend, type TfjsNode } from './node-backend';

/** Above TensorFlow.js's other backends, as tfjs-node has it. */
const PRIORITY = 3;

const NAME = 'tensorflow';

/** What TensorFlow.js gains with the backend. */
export interface RegisteredTensorFlow extends Pick<TfjsNode, 'node' | 'io'> {
  /** Version of the native library, which is loaded for it. */
  version(): string;
}

/**
 * Registers native TensorFlow as the backend `tensorflow` of `tf`, and model files by `file://` addresses. The library is
 * loaded when the backend is first used, and where there is none, `tf.setBackend('tensorflow')` fails.
 */
export function registerTensorFlow(tf: TensorFlow): RegisteredTensorFlow {
  const { NodeJSKernelBackend, nodeFileSystemRouter, node, io } = loadTfjsNode(tf, NAME);
  registerKernels(tf, NAME);
  const start = () => {
    const library = loadFirstLibrary();
    keepFreedMemory(library);
    return new NodeJSKernelBackend(new NativeBinding(library), NAME);
  };
  tf.registerBackend(NAME, start, PRIORITY);
  tf.io.registerLoadRouter(nodeFileSystemRouter);
  tf.io.registerSaveRouter(nodeFileSystemRouter);
  const version = () => (tf.findBackend(NAME) as NodeBackend).binding.TF_Version;
  return { node, io, version };
}
