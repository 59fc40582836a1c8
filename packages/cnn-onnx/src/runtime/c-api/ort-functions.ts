import type * as Koffi from 'koffi';
import type { LibraryHandle } from 'koffi';

/** Address of something of ONNX Runtime's. */
export type Pointer = bigint;

const P = 'void *';
const S = 'const char *';
/** An array of strings, which koffi makes for the call. */
const TEXTS = 'const char **';

/**
 * Functions of ONNX Runtime's C API: place in the table that `OrtGetApiBase` leads to, result and parameters. A place never
 * changes once its version is out (https://github.com/microsoft/onnxruntime, onnxruntime_c_api.h).
 */
const FUNCTIONS = {
  GetErrorMessage: [2, S, P],
  CreateEnv: [3, P, 'int', S, P],
  CreateSessionFromArray: [8, P, P, P, 'size_t', P, P],
  CreateSessionOptions: [10, P, P],
  SetSessionLogSeverityLevel: [22, P, P, 'int'],
  SetIntraOpNumThreads: [24, P, P, 'int'],
  CreateRunOptions: [39, P, P],
  CreateTensorAsOrtValue: [48, P, P, P, 'size_t', 'int', P],
  CreateTensorWithDataAsOrtValue: [49, P, P, P, 'size_t', P, 'size_t', 'int', P],
  CreateMemoryInfo: [68, P, S, 'int', 'int', 'int', P],
  ReleaseEnv: [92, 'void', P],
  ReleaseStatus: [93, 'void', P],
  ReleaseMemoryInfo: [94, 'void', P],
  ReleaseSession: [95, 'void', P],
  ReleaseValue: [96, 'void', P],
  ReleaseRunOptions: [97, 'void', P],
  ReleaseSessionOptions: [100, 'void', P],
  AddSessionConfigEntry: [130, P, P, S, S],
  CreateAllocator: [131, P, P, P, P],
  ReleaseAllocator: [132, 'void', P],
  RunWithBinding: [133, P, P, P, P],
  CreateIoBinding: [134, P, P, P],
  ReleaseIoBinding: [135, 'void', P],
  BindInput: [136, P, P, S, P],
  BindOutput: [137, P, P, S, P],
  AddRunConfigEntry: [165, P, P, S, S],
  SessionOptionsAppendExecutionProvider_CUDA_V2: [204, P, P, P],
  CreateCUDAProviderOptions: [205, P, P],
  UpdateCUDAProviderOptions: [206, P, P, P, P, 'size_t'],
  ReleaseCUDAProviderOptions: [208, 'void', P],
  SessionOptionsAppendExecutionProvider: [216, P, P, S, TEXTS, TEXTS, 'size_t'],
  UpdateCUDAProviderOptionsWithValue: [263, P, P, S, P],
} as const satisfies Record<string, readonly [number, string, ...string[]]>;

type OrtFunction = (...args: unknown[]) => Pointer | string | null;

/** The functions by their names; those that return a pointer return a status, null for success. */
export type OrtFunctions = Record<keyof typeof FUNCTIONS, OrtFunction>;

/** Version of the C API that is asked for: one that has every function above. */
const API_VERSION = 17;

/** The table of functions of a loaded libonnxruntime. */
export function findApi(koffi: typeof Koffi, library: LibraryHandle): Pointer {
  const base = library.func('OrtGetApiBase', P, [])() as Pointer;
  const getApi = koffi.decode(base, P) as Pointer;
  const api = koffi.call(getApi, koffi.proto(P, ['uint32_t']), API_VERSION) as Pointer | null;
  if (api === null) throw new Error(`this ONNX Runtime has no C API of version ${API_VERSION}`);
  return api;
}

export function functionAddress(
  koffi: typeof Koffi,
  api: Pointer,
  name: keyof OrtFunctions,
): Pointer {
  return koffi.decode(api, FUNCTIONS[name][0] * 8, P) as Pointer;
}

export function declareFunctions(koffi: typeof Koffi, api: Pointer): OrtFunctions {
  const entries = Object.entries(FUNCTIONS).map(([name, [, result, ...parameters]]) => {
    const address = functionAddress(koffi, api, name as keyof OrtFunctions);
    return [name, koffi.decode(address, koffi.proto(result, [...parameters]))];
  });
  return Object.fromEntries(entries) as OrtFunctions;
}
