/** Where a context computes. */
export type DeviceType = 'CPU' | 'GPU';

/** How a context computes. */
export interface ContextConfig {
  /** Default: a GPU where TensorFlow finds one, else the CPU. */
  readonly device?: DeviceType | undefined;
  /**
   * Whether ops run on a thread of TensorFlow's own, in order, and those who ask for them go on; whoever asks for a
   * result waits for it. Default: false.
   */
  readonly asynchronous?: boolean | undefined;
  /** Threads inside of one op. Default: as many as the machine offers. */
  readonly threads?: number | undefined;
}

/*
 * Field numbers of ConfigProto and GPUOptions
 * (https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/config.proto),
 * shifted by the three bits of the wire type: 0 for a number, 2 for a message.
 */
const DEVICE_COUNT = (1 << 3) | 2;
const INTRA_OP_THREADS = 2 << 3;
const INTER_OP_THREADS = 5 << 3;
const GPU_OPTIONS = (6 << 3) | 2;
const ALLOW_GROWTH = 4 << 3;

/** An entry of the map from types of devices to how many are used: `GPU` to 0. */
const NO_GPU = [(1 << 3) | 2, 3, ...Buffer.from('GPU'), 2 << 3, 0];

/**
 * A serialised `ConfigProto`. A GPU's memory is taken as it is needed, rather than all at once. Ops run one after
 * the other, on one thread of their own.
 */
export function configProto({ threads, device }: ContextConfig): Uint8Array {
  const gpuOptions = [ALLOW_GROWTH, 1];
  return Uint8Array.from([
    ...(device === 'CPU' ? [DEVICE_COUNT, NO_GPU.length, ...NO_GPU] : []),
    ...(threads === undefined ? [] : [INTRA_OP_THREADS, ...varint(threads)]),
    ...[INTER_OP_THREADS, 1],
    ...[GPU_OPTIONS, gpuOptions.length, ...gpuOptions],
  ]);
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
