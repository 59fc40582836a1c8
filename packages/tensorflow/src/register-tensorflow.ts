import { DlcmpError } from '@dlcmp/contract';
import type { DeviceType } from './binding/config-proto';
import { NativeBinding } from './binding/native-binding';
import type { NativeLibrary } from './binding/native-library';
import { speedUpTraining } from './kernels/faster-training';
import { registerKernels } from './kernels/register-kernels';
import { loadFirstLibrary } from './library/find-library';
import { loadGpuLibrary } from './library/load-gpu-library';
import { packedArchive } from './library/named-library';
import { keepFreedMemory } from './malloc';
import { loadTfjsNode, type NodeBackend, type TfjsNode } from './node-backend';
import { unpackNamedArchive } from './setup/unpack-named-archive';
import type { TensorFlow } from './tensorflow-js';

/** Above TensorFlow.js's other backends, as tfjs-node has it. */
const PRIORITY = 3;

const NAME = 'tensorflow';

/** What TensorFlow.js gains with the backend. */
export interface RegisteredTensorFlow extends Pick<TfjsNode, 'node' | 'io'> {
  /**
   * Version of the native library, which is loaded for it.
   *
   * @throws `BACKEND_UNAVAILABLE` saying what is missing and what brings it
   */
  version(): string;
}

export interface RegisterOptions {
  /**
   * `GPU`: on the first NVIDIA GPU, with what `dlcmp setup cuda` brings; `fit`, `fitDataset` and `trainOnBatch` then take the steps of
   * models made of tf.layers' own parts as one function each. Default: `CPU`.
   */
  readonly device?: DeviceType;
  /** As tfjs-node has it: none of our kernels, for comparisons. Default: false. */
  readonly stock?: boolean;
}

/**
 * Registers native TensorFlow as the backend `tensorflow` of `tf`, and model files by `file://` addresses. The library is
 * loaded when the backend is first used, and where there is none, `tf.setBackend('tensorflow')` fails.
 * Once is enough: a second time changes nothing.
 */
export function registerTensorFlow(
  tf: TensorFlow,
  options: RegisterOptions = {},
): RegisteredTensorFlow {
  const known = registered.get(tf) ?? register(tf, options);
  registered.set(tf, known);
  return known;
}

const registered = new WeakMap<TensorFlow, RegisteredTensorFlow>();

function register(
  tf: TensorFlow,
  { stock = false, device = 'CPU' }: RegisterOptions,
): RegisteredTensorFlow {
  const { NodeJSKernelBackend, nodeFileSystemRouter, node, io } = loadTfjsNode(tf, NAME);
  if (!stock) registerKernels(tf, NAME);
  if (!stock) speedUpTraining(tf);
  const start = (library: NativeLibrary) => {
    if (!stock) keepFreedMemory(library);
    return new NodeJSKernelBackend(new NativeBinding(library, { device }), NAME);
  };
  const startOnCpu = () => start(loadFirstLibrary());
  const startUnpacked = () =>
    packedArchive() === undefined ? startOnCpu() : unpackNamedArchive().then(startOnCpu);
  const startOnGpu = async () => start(await loadGpuLibrary());
  tf.registerBackend(NAME, device === 'GPU' ? startOnGpu : startUnpacked, PRIORITY);
  tf.io.registerLoadRouter(nodeFileSystemRouter);
  tf.io.registerSaveRouter(nodeFileSystemRouter);
  const version = () => {
    const backend = tf.findBackend(NAME) as NodeBackend | null | undefined;
    if (backend) return backend.binding.TF_Version;
    // Where the backend did not start for want of a library, that is said here.
    if (device === 'CPU' && packedArchive() === undefined) loadFirstLibrary();
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `The backend "${NAME}" has not started: await tf.setBackend('${NAME}') first, which says what it lacks.`,
    );
  };
  return { node, io, version };
}
