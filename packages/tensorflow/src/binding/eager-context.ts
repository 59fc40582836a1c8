import { DlcmpError } from '@dlcmp/contract';
import { mutingStandardError } from '../library/mute-standard-error';
import type { Pointer } from './c-functions';
import { type ContextConfig, configProto } from './config-proto';
import { prepareGpuEnvironment } from './gpu-environment';
import { assertSucceeded, type NativeLibrary } from './native-library';

/** What computes: TensorFlow's eager context and the device that it prefers. */
export interface EagerContext {
  readonly library: NativeLibrary;
  readonly context: Pointer;
  /** TensorFlow's name of the first GPU, or of the CPU. */
  readonly device: string;
  readonly isGpu: boolean;
  /** Once the context is freed. */
  isClosed: boolean;
}

/**
 * While it is set when a process starts its first context, every context has threads of its own; else all share those of
 * the first one.
 */
const OWN_THREADS = 'TF_OVERRIDE_GLOBAL_THREADPOOL';

function withOwnThreads<Result>(create: () => Result): Result {
  if (process.env[OWN_THREADS] !== undefined) return create();
  process.env[OWN_THREADS] = '1';
  try {
    return create();
  } finally {
    delete process.env[OWN_THREADS];
  }
}

/** Starts a context. */
export function createEagerContext(library: NativeLibrary, config: ContextConfig): EagerContext {
  const { c, status } = library;
  if (config.device === 'GPU') prepareGpuEnvironment();
  const options = c.TFE_NewContextOptions();
  const proto = configProto(config);
  c.TFE_ContextOptionsSetConfig(options, proto, proto.length, status);
  assertSucceeded(library, 'its configuration');
  c.TFE_ContextOptionsSetAsync(options, Number(config.asynchronous ?? false));
  const context = withOwnThreads(() =>
    mutingStandardError(library.koffi, () => c.TFE_NewContext(options, status)),
  );
  c.TFE_DeleteContextOptions(options);
  assertSucceeded(library, 'its eager context');
  return { library, context, isClosed: false, ...chooseDevice(library, context, config) };
}

function chooseDevice(
  library: NativeLibrary,
  context: Pointer,
  { device: wanted }: ContextConfig,
): Pick<EagerContext, 'device' | 'isGpu'> {
  const { c, status } = library;
  const list = c.TFE_ContextListDevices(context, status);
  assertSucceeded(library, 'its list of devices');
  const devices = Array.from({ length: c.TF_DeviceListCount(list) }, (_, index) => ({
    type: c.TF_DeviceListType(list, index, status),
    device: c.TF_DeviceListName(list, index, status),
  }));
  c.TF_DeleteDeviceList(list);
  const gpu = devices.find(({ type }) => type === 'GPU');
  if (wanted === 'GPU' && !gpu) {
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      'TensorFlow finds no GPU. "dlcmp doctor" shows what it needs; with TF_CPP_MIN_LOG_LEVEL=0 it says itself what is missing.',
    );
  }
  const chosen = gpu ?? devices.find(({ type }) => type === 'CPU');
  if (!chosen) throw new Error('TensorFlow lists neither a CPU nor a GPU to compute on.');
  return { device: chosen.device, isGpu: gpu !== undefined };
}
