import type { ContextConfig, DeviceType } from './binding/config-proto';
import { NativeBinding } from './binding/native-binding';
import type { NativeLibrary } from './binding/native-library';
import { registerKernels } from './kernels/register-kernels';
import { keepFreedMemory } from './malloc';
import { loadTfjsNode, type NodeBackend } from './node-backend';
import type { TensorFlow } from './tensorflow-js';

/** A backend of TensorFlow.js that stands on native TensorFlow. */
export interface TensorFlowEngine {
  /** The name under which TensorFlow.js knows it. */
  readonly name: string;
  readonly backend: NodeBackend;
  /** The device whose kernels compiled functions are made of. */
  readonly kernels: DeviceType;
}

type EngineConfig = Required<Pick<ContextConfig, 'device' | 'threads' | 'asynchronous'>> &
  Pick<TensorFlowEngine, 'kernels'> & { readonly stock: boolean };

/** Never chosen by TensorFlow.js itself. */
const PRIORITY = 0;

/** Starts a backend under a name of our own: users' own `tensorflow` is left as it is. */
export function startEngine(
  tf: TensorFlow,
  library: NativeLibrary,
  { kernels, stock, ...config }: EngineConfig,
): TensorFlowEngine {
  const name = [
    'dlcmp-tensorflow',
    ...Object.values(config),
    kernels,
    stock ? 'stock' : 'ours',
  ].join('-');
  if (!stock) keepFreedMemory(library);
  const { NodeJSKernelBackend } = loadTfjsNode(tf, name);
  if (!stock) registerKernels(tf, name);
  const backend = new NodeJSKernelBackend(new NativeBinding(library, config), name);
  tf.registerBackend(name, () => backend, PRIORITY);
  return { name, backend, kernels };
}

/** Takes the backend from TensorFlow.js and frees what it holds. */
export function stopEngine(tf: TensorFlow, { name, backend }: TensorFlowEngine): void {
  tf.removeBackend(name);
  for (const { kernelName } of tf.getKernelsForBackend(name)) tf.unregisterKernel(kernelName, name);
  backend.binding.close();
}
