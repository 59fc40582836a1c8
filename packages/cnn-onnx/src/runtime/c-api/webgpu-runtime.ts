import { elementCount } from '@dlcmp/contract';
import type { Pointer } from './ort-functions';
import type { OrtLibrary } from './ort-library';

/** `ONNXTensorElementDataType` */
const FLOAT32 = 1;
const UINT8 = 2;
const INT32 = 6;

const DEVICE_ALLOCATOR = 0;
const FIRST_DEVICE = 0;
const DEFAULT_MEMORY = 0;
const ERRORS_ONLY = 3;

/** Where ONNX Runtime's WebGPU provider keeps tensors, as its memory is called. */
const WEBGPU_MEMORY = 'WebGPU_Buf';

/** https://github.com/microsoft/onnxruntime, webgpu_provider_options.h */
const PROVIDER_OPTIONS = {
  // Without bounds checks, a step on 100 images of 64×64 ended the process on a software device.
  enableRobustness: '1',
  // With channels last, transposed convolutions in three groups came out wrong (1.30).
  preferredLayout: 'NCHW',
  // Memory that was given back is used again whatever its size; the default keeps no large buffers.
  storageBufferCacheMode: 'simple',
};

/** Data in main memory. */
export type HostArray = Float32Array | Uint8Array | Int32Array;

/** A tensor that graphs read and write. */
export interface TensorValue {
  readonly value: Pointer;
  /** The caller's memory, if that is where it is: ONNX Runtime knows its address alone, and nothing else may hold on to it. */
  readonly memory?: HostArray;
  release(): void;
}

/** A graph whose inputs and outputs are bound. */
export interface WebGpuGraph {
  /** Has an input take what `tensor` holds now. */
  feed(name: string, tensor: TensorValue): void;
  /** Queues the graph; returns before it is done unless an output is in main memory. */
  run(): void;
  release(): void;
}

type Tensors = Readonly<Record<string, TensorValue>>;

/** A model made ready for WebGPU. */
export interface WebGpuSession {
  bind(inputs: Tensors, outputs: Tensors): WebGpuGraph;
  release(): void;
}

/** ONNX Runtime on the GPU that WebGPU offers. */
export interface WebGpuRuntime {
  /** Room for float32 values on the GPU. */
  allocate(shape: readonly number[]): TensorValue;
  /** Memory of the caller's, which must stay where it is until the tensor is released: no array of a few bytes does. */
  lend(values: HostArray, shape: readonly number[]): TensorValue;
  openSession(model: Uint8Array): WebGpuSession;
}

/**
 * @param model any small one: the session that opens it owns the GPU's memory
 * @throws ONNX Runtime's message where there is no GPU that it can use
 */
export function createWebGpuRuntime(ort: OrtLibrary, model: Uint8Array): WebGpuRuntime {
  const { functions, create, koffi } = ort;
  const describeMemory = (name: string) =>
    create('CreateMemoryInfo', name, DEVICE_ALLOCATOR, FIRST_DEVICE, DEFAULT_MEMORY);
  const owner = openSession(ort, model);
  const allocator = create('CreateAllocator', owner, describeMemory(WEBGPU_MEMORY));
  const mainMemory = describeMemory('Cpu');
  const toTensor = (value: Pointer): TensorValue => ({
    value,
    release: () => void functions.ReleaseValue(value),
  });
  const sizes = (shape: readonly number[]) => [BigInt64Array.from(shape, BigInt), shape.length];
  return {
    allocate: (shape) =>
      toTensor(create('CreateTensorAsOrtValue', allocator, ...sizes(shape), FLOAT32)),
    lend(values, shape) {
      if (values.length !== elementCount(shape)) throw new Error('A tensor of another length.');
      const type =
        values instanceof Uint8Array ? UINT8 : values instanceof Int32Array ? INT32 : FLOAT32;
      const memory = [mainMemory, koffi.address(values), values.byteLength];
      const value = create('CreateTensorWithDataAsOrtValue', ...memory, ...sizes(shape), type);
      return { ...toTensor(value), memory: values };
    },
    openSession(bytes) {
      const session = openSession(ort, bytes);
      return {
        bind: (inputs, outputs) => bind(ort, session, inputs, outputs),
        release: () => void functions.ReleaseSession(session),
      };
    },
  };
}

function openSession(
  { functions, check, create, environment }: OrtLibrary,
  model: Uint8Array,
): Pointer {
  const options = create('CreateSessionOptions');
  check(functions.SetSessionLogSeverityLevel(options, ERRORS_ONLY), 'its options');
  check(functions.SetIntraOpNumThreads(options, 1), 'its threads');
  // What a GPU has no kernel of is refused: copies to the CPU and back would be slow.
  const entry = ['session.disable_cpu_ep_fallback', '1'];
  check(functions.AddSessionConfigEntry(options, ...entry), 'its options');
  const settings = Object.entries(PROVIDER_OPTIONS);
  const keys = settings.map(([key]) => key);
  const values = settings.map(([, value]) => value);
  const append = functions.SessionOptionsAppendExecutionProvider;
  try {
    check(append(options, 'WebGPU', keys, values, settings.length), 'the WebGPU provider');
    return create('CreateSessionFromArray', environment, model, model.length, options);
  } finally {
    functions.ReleaseSessionOptions(options);
  }
}

function bind(
  { functions, check, create }: OrtLibrary,
  session: Pointer,
  inputs: Tensors,
  outputs: Tensors,
): WebGpuGraph {
  const runOptions = create('CreateRunOptions');
  const binding = create('CreateIoBinding', session);
  // What is in main memory is copied to the GPU now, not when the graph runs.
  const feed = (name: string, { value }: TensorValue) =>
    check(functions.BindInput(binding, name, value), `the binding of ${name}`);
  for (const [name, tensor] of Object.entries(inputs)) feed(name, tensor);
  for (const [name, { value }] of Object.entries(outputs)) {
    check(functions.BindOutput(binding, name, value), `the binding of ${name}`);
  }
  return {
    feed,
    run: () => check(functions.RunWithBinding(session, runOptions, binding), 'a graph'),
    release() {
      functions.ReleaseIoBinding(binding);
      functions.ReleaseRunOptions(runOptions);
    },
  };
}
