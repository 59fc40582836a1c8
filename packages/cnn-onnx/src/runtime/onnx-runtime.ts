import { availableParallelism } from 'node:os';
import { DlcmpError, hasMusl } from '@dlcmp/contract';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

/** What the adapter uses of `onnxruntime-node`. */
export type OnnxRuntimeModule = Pick<
  typeof import('onnxruntime-node'),
  'InferenceSession' | 'Tensor' | 'env'
>;

/** Data that a tensor can hold here, by its ONNX type; float16 as its bits. */
interface TensorData {
  readonly float32: Float32Array;
  readonly float16: Uint16Array;
  readonly uint8: Uint8Array;
  readonly int32: Int32Array;
}

/** ONNX Runtime, loaded, with the settings that every session of a classifier shares. */
export interface OnnxRuntime {
  /** Threads to compute with. */
  readonly threads: number;
  /** Wraps `data` without copying it. */
  tensor<Type extends keyof TensorData>(
    type: Type,
    data: TensorData[Type],
    shape: readonly number[],
  ): Tensor;
  /**
   * Makes a model ready to run, from its bytes or its path; the caller releases the session.
   *
   * @param threads within one operator. Default: as all sessions have
   */
  openSession(model: Uint8Array | string, threads?: number): Promise<InferenceSession>;
}

/** Threshold of `logSeverityLevel` below which ONNX Runtime is silent: an adapter does not log. */
const ERRORS_ONLY = 3;

/**
 * @param module `onnxruntime-node` or what stands in for it
 * @param threads threads within one operator; ONNX Runtime's choice where absent
 */
export function createOnnxRuntime(
  module: OnnxRuntimeModule,
  threads: number | undefined,
): OnnxRuntime {
  return openRuntime(module, threads, {
    interOpNumThreads: 1,
    // One block for all of a run's values is up to a half larger than what they need one after the other, and no faster.
    enableMemPattern: false,
    // Its threads must not spin while kernels compute.
    extra: { session: { force_spinning_stop: '1' } },
  });
}

/** ONNX Runtime as it comes, for models that run alone: its threads spin between operators, which halves a single image's time. */
export function createForeignRuntime(
  module: OnnxRuntimeModule,
  threads: number | undefined,
): OnnxRuntime {
  return openRuntime(module, threads, {});
}

function openRuntime(
  module: OnnxRuntimeModule,
  threads: number | undefined,
  settings: InferenceSession.SessionOptions,
): OnnxRuntime {
  const sessionOptions: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    logSeverityLevel: ERRORS_ONLY,
    ...settings,
    ...(threads !== undefined && { intraOpNumThreads: threads }),
  };
  return {
    threads: threads ?? availableParallelism(),
    tensor: (type, data, shape) => createTensor(module, type, data, shape),
    openSession: (model, intraOpNumThreads) => {
      const options = {
        ...sessionOptions,
        ...(intraOpNumThreads !== undefined && { intraOpNumThreads }),
      };
      return typeof model === 'string'
        ? module.InferenceSession.create(model, options)
        : module.InferenceSession.create(model, options);
    },
  };
}

/** Where Node.js has a type for float16, ONNX Runtime takes no other. */
function createTensor(
  { Tensor: Type }: OnnxRuntimeModule,
  type: keyof TensorData,
  data: TensorData[keyof TensorData],
  shape: readonly number[],
): Tensor {
  const { Float16Array } = globalThis as {
    Float16Array?: new (buffer: ArrayBufferLike) => unknown;
  };
  const values = type === 'float16' && Float16Array ? new Float16Array(data.buffer) : data;
  return new Type(type, values as Float32Array, shape);
}

/**
 * Imports `onnxruntime-node`.
 *
 * @throws `FRAMEWORK_MISSING` where it is not installed, `BACKEND_UNAVAILABLE` where it is and its
 *   native library cannot be loaded
 */
export async function importOnnxRuntime(): Promise<OnnxRuntimeModule> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    if (isPackageMissing(cause)) {
      throw new DlcmpError(
        'FRAMEWORK_MISSING',
        'onnxruntime-node is not installed. Install it with "npm install onnxruntime-node"; where its install script can\'t reach its downloads, add --ignore-scripts, which leaves out nothing but files for NVIDIA\'s GPUs.',
        { cause },
      );
    }
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `onnxruntime-node is installed, but its native library cannot be loaded on ${process.platform}-${process.arch}: ${firstLine(cause)} ${remedy()}`,
      { cause },
    );
  }
}

/** Under musl, and on a Mac with an Intel processor, no installation helps. */
function remedy(): string {
  if (hasMusl()) {
    return 'Its binaries need glibc, and this system has musl: take an image of Debian, or the contender tfjs:wasm.';
  }
  if (process.platform === 'darwin' && process.arch === 'x64') {
    return 'It has no binaries for Intel processors on macOS since 1.24: take the contender tfjs:wasm.';
  }
  return 'Install it again on this machine, with "npm install onnxruntime-node": it may have been installed, or pruned, for another one.';
}

/** Not to be mistaken for a missing native file, which is `MODULE_NOT_FOUND` too. */
function isPackageMissing(error: unknown): boolean {
  return (
    error instanceof Error && /Cannot find (package|module) 'onnxruntime-node'/.test(error.message)
  );
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] as string;
}
