import type { DevicePointer } from '@dlcmp/cuda';
import type { Pointer } from './ort-functions';
import type { OrtLibrary } from './ort-library';

/** `ONNXTensorElementDataType` */
const ELEMENT_TYPES = { float32: 1, uint8: 2, int32: 6 } as const;
const ELEMENT_BYTES = { float32: 4, uint8: 1, int32: 4 } as const;

const DEVICE_ALLOCATOR = 0;
const DEFAULT_MEMORY = 0;
const FIRST_DEVICE = 0;
const ERRORS_ONLY = 3;

/** A tensor in memory that belongs to somebody else. */
export interface DeviceTensor {
  readonly address: DevicePointer;
  readonly shape: readonly number[];
  /** Default: `float32`. */
  readonly type?: keyof typeof ELEMENT_TYPES;
}

/** A graph whose inputs and outputs are bound to memory on the device. */
export interface BoundGraph {
  /** Has the graph computed; on a GPU, returns before it is done. */
  run(): void;
  /** Addresses by which another thread runs it: `RunWithBinding`, the session, its options and the binding. */
  readonly addresses: readonly number[];
  release(): void;
}

/** A model made ready by an execution provider. */
export interface DeviceSession {
  /** Binds every input and output by its name. */
  bind(tensors: Readonly<Record<string, DeviceTensor>>, outputs: readonly string[]): BoundGraph;
  release(): void;
}

/** Makes models ready on one device. */
export interface DeviceRuntime {
  openSession(model: Uint8Array): DeviceSession;
  release(): void;
}

export interface CudaProvider {
  /** The stream that everything is queued on, of the caller's. */
  readonly stream: DevicePointer;
  /** Whether products may be computed in TF32. Default: true, as ONNX Runtime has it. */
  readonly tf32?: boolean | undefined;
}

/**
 * ONNX Runtime on memory of the caller's: with `cuda` on the first NVIDIA GPU, without on the CPU, where `address` is one
 * in main memory.
 */
export function createDeviceRuntime(ort: OrtLibrary, cuda?: CudaProvider): DeviceRuntime {
  const { functions, check, create } = ort;
  const memory = create(
    ...(['CreateMemoryInfo', cuda ? 'Cuda' : 'Cpu', DEVICE_ALLOCATOR, FIRST_DEVICE] as const),
    DEFAULT_MEMORY,
  );
  const runOptions = create('CreateRunOptions');
  // Whoever reads results waits for the stream.
  const entry = ['disable_synchronize_execution_providers', '1'];
  check(functions.AddRunConfigEntry(runOptions, ...entry), 'its options');
  return {
    openSession: (model) => openSession(ort, { memory, runOptions, cuda }, model),
    release: () => {
      functions.ReleaseRunOptions(runOptions);
      functions.ReleaseMemoryInfo(memory);
    },
  };
}

interface Shared {
  readonly memory: Pointer;
  readonly runOptions: Pointer;
  readonly cuda: CudaProvider | undefined;
}

function openSession(ort: OrtLibrary, shared: Shared, model: Uint8Array): DeviceSession {
  const { functions, check, create, environment } = ort;
  const options = create('CreateSessionOptions');
  check(functions.SetSessionLogSeverityLevel(options, ERRORS_ONLY), 'its options');
  check(functions.SetIntraOpNumThreads(options, 1), 'its threads');
  if (shared.cuda) {
    // Copies to the CPU and back would be slow, and what it computes could not be recorded.
    const entry = ['session.disable_cpu_ep_fallback', '1'];
    check(functions.AddSessionConfigEntry(options, ...entry), 'its options');
    appendCuda(ort, options, shared.cuda);
  }
  const session = create('CreateSessionFromArray', environment, model, model.length, options);
  functions.ReleaseSessionOptions(options);
  return {
    bind: (tensors, outputs) => bind(ort, shared, session, tensors, outputs),
    release: () => void functions.ReleaseSession(session),
  };
}

function appendCuda(
  { functions, check, create, koffi }: OrtLibrary,
  options: Pointer,
  { stream, tf32 = true }: CudaProvider,
): void {
  const provider = create('CreateCUDAProviderOptions');
  const settings = Object.entries({
    device_id: String(FIRST_DEVICE),
    use_tf32: tf32 ? '1' : '0',
    do_copy_in_default_stream: '1',
  });
  const strings = settings.flat().map((text) => Buffer.from(`${text}\0`));
  const addresses = strings.map((bytes) => koffi.address(bytes));
  const keys = BigUint64Array.from(addresses.filter((_, index) => index % 2 === 0));
  const values = BigUint64Array.from(addresses.filter((_, index) => index % 2 === 1));
  check(
    functions.UpdateCUDAProviderOptions(provider, keys, values, settings.length),
    "the CUDA provider's options",
  );
  check(
    functions.UpdateCUDAProviderOptionsWithValue(provider, 'user_compute_stream', stream),
    'the stream',
  );
  check(
    functions.SessionOptionsAppendExecutionProvider_CUDA_V2(options, provider),
    'the CUDA provider',
  );
  functions.ReleaseCUDAProviderOptions(provider);
}

function bind(
  { functions, addressOf, check, create }: OrtLibrary,
  { memory, runOptions }: Shared,
  session: Pointer,
  tensors: Readonly<Record<string, DeviceTensor>>,
  outputs: readonly string[],
): BoundGraph {
  const binding = create('CreateIoBinding', session);
  const values: Pointer[] = [];
  for (const [name, { address, shape, type = 'float32' }] of Object.entries(tensors)) {
    const bytes = shape.reduce((product, size) => product * size, ELEMENT_BYTES[type]);
    const sizes = BigInt64Array.from(shape, BigInt);
    const value = create(
      ...(['CreateTensorWithDataAsOrtValue', memory, address, bytes] as const),
      ...([sizes, shape.length, ELEMENT_TYPES[type]] as const),
    );
    values.push(value);
    const bindTensor = outputs.includes(name) ? functions.BindOutput : functions.BindInput;
    check(bindTensor(binding, name, value), `the binding of ${name}`);
  }
  return {
    addresses: [addressOf('RunWithBinding'), session, runOptions, binding].map(Number),
    run: () => check(functions.RunWithBinding(session, runOptions, binding), 'a graph'),
    release: () => {
      functions.ReleaseIoBinding(binding);
      for (const value of values) functions.ReleaseValue(value);
    },
  };
}
