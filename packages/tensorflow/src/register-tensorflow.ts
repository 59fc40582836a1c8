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
export interface RegisteredTensorFlow extends Pick<TfjsNode, 'node' | 'io' | 'ProgbarLogger'> {
  /**
   * Loads the library and has TensorFlow.js compute with it from now on: at once, unless an archive is to be unpacked first (see
   * `DLCMP_TENSORFLOW`), or on a GPU; then once the promise is kept.
   *
   * @throws `BACKEND_UNAVAILABLE` saying what is missing and what brings it: at once, or by the promise
   */
  start(): Promise<void>;
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
  // Copies of this package and of TensorFlow.js share one engine, and so must their backend.
  const engine = tf.engine() as { [REGISTERED]?: RegisteredTensorFlow };
  engine[REGISTERED] ??= register(tf, options);
  return engine[REGISTERED];
}

const NOT_STARTED = `The backend "${NAME}" has not started: await tf.setBackend('${NAME}') first, which says what it lacks.`;

const REGISTERED = Symbol.for('@dlcmp/tensorflow');

function register(
  tf: TensorFlow,
  { stock = false, device = 'CPU' }: RegisterOptions,
): RegisteredTensorFlow {
  const { NodeJSKernelBackend, nodeFileSystemRouter, ...api } = loadTfjsNode(tf, NAME);
  if (!stock) registerKernels(tf, NAME);
  if (!stock) speedUpTraining(tf);
  const start = (library: NativeLibrary) => {
    if (!stock) keepFreedMemory(library);
    return new NodeJSKernelBackend(new NativeBinding(library, { device }), NAME);
  };
  const startOnCpu = () => start(loadFirstLibrary());
  const startUnpacked = () =>
    packedArchive() === undefined ? startOnCpu() : noting(unpackNamedArchive().then(startOnCpu));
  let failure: unknown;
  const startOnGpu = async () => start(await loadGpuLibrary());
  /** TensorFlow.js tells whether a backend started, and keeps why not to itself. */
  const noting = async (starting: Promise<NodeBackend>) =>
    starting.catch((error: unknown) => {
      failure = error;
      throw error;
    });
  tf.registerBackend(NAME, device === 'GPU' ? () => noting(startOnGpu()) : startUnpacked, PRIORITY);
  tf.io.registerLoadRouter(nodeFileSystemRouter);
  tf.io.registerSaveRouter(nodeFileSystemRouter);
  const isAtOnce = () => device === 'CPU' && packedArchive() === undefined;
  const startNow = () => {
    if (isAtOnce()) loadFirstLibrary();
    return tf.setBackend(NAME).then((hasStarted) => {
      if (!hasStarted) throw failure ?? new DlcmpError('BACKEND_UNAVAILABLE', NOT_STARTED);
    });
  };
  const version = () => {
    const backend = tf.findBackend(NAME) as NodeBackend | null | undefined;
    if (backend) return backend.binding.TF_Version;
    // Where the backend did not start for want of a library, that is said here.
    if (isAtOnce()) loadFirstLibrary();
    throw new DlcmpError('BACKEND_UNAVAILABLE', NOT_STARTED);
  };
  return { node: api.node, io: api.io, ProgbarLogger: api.ProgbarLogger, start: startNow, version };
}
