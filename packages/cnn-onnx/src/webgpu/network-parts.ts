import { DlcmpError } from '@dlcmp/contract';
import type { NetworkSizes } from '../devices/network-sizes';
import type { WebGpuRuntime } from '../runtime/c-api/webgpu-runtime';
import type { DeviceState } from './device-state';
import type { WeightLayout } from './weight-layout';

/** What training and inference share. */
export interface NetworkParts {
  readonly runtime: WebGpuRuntime;
  readonly sizes: NetworkSizes;
  readonly layout: WeightLayout;
  readonly state: DeviceState;
}

/** Runs what works on `size` images together; where the GPU refuses, the error says what may help. */
export function withMemoryAdvice<Result>(size: number, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `The GPU could not compute with ${size} images together, for want of memory perhaps: ${message} Choose a smaller batch size.`,
      { cause },
    );
  }
}
