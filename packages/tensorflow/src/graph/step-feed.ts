import { type CudaDriver, openCudaDriver, UploadRing } from '@dlcmp/cuda';
import type { Pointer } from '../binding/c-functions';
import type { EagerContext } from '../binding/eager-context';
import { addressOfNothing, assertSucceeded } from '../binding/native-library';
import { createHandle } from '../binding/tensor-values';

/** One array of a batch. */
export interface FedArray {
  /** `TF_DataType` */
  readonly type: number;
  readonly shape: readonly number[];
  readonly values: ArrayBufferView;
}

/** Brings batches to where they are computed with. */
export interface StepFeed {
  /** Batches that may be under way; whoever has given as many waits for their steps before giving more. */
  readonly slots: number;
  /** Handles of the arrays, which the caller deletes. */
  feed(slot: number, arrays: readonly FedArray[]): Pointer[];
  dispose(): void;
}

const SLOTS_IN_MAIN_MEMORY = 2;

/** Through TensorFlow itself. */
function mainMemoryFeed(eager: EagerContext): StepFeed {
  return {
    slots: SLOTS_IN_MAIN_MEMORY,
    feed: (_slot, arrays) =>
      arrays.map(({ type, shape, values }) => createHandle(eager, shape, type, values)),
    dispose() {},
  };
}

/**
 * Past TensorFlow, whose own copies wait until the GPU has done all that was asked of it: a batch goes up while the GPU
 * computes with the one before.
 */
function gpuFeed(eager: EagerContext, driver: CudaDriver, sizes: readonly number[]): StepFeed {
  const ring = new UploadRing(driver, sizes);
  const wrap = deviceMemoryHandles(eager);
  return {
    slots: ring.slots,
    feed(slot, arrays) {
      const addresses = ring.upload(
        slot,
        arrays.map(({ values }) => values),
      );
      return arrays.map((array, index) => wrap(array, addresses[index] as Pointer));
    },
    dispose: () => ring.dispose(),
  };
}

/** @param sizes bytes of each array of a batch */
export function createStepFeed(eager: EagerContext, sizes: readonly number[]): StepFeed {
  return eager.isGpu ? gpuFeed(eager, openCudaDriver(), sizes) : mainMemoryFeed(eager);
}

type WrapDeviceMemory = (array: FedArray, address: Pointer) => Pointer;

/** `TFE_NewTensorHandleFromDeviceMemory`: a tensor in memory that stays ours. */
function deviceMemoryHandles({ library, context, device }: EagerContext): WrapDeviceMemory {
  const { koffi, path, status } = library;
  const P = 'void *';
  const create = koffi
    .load(path)
    .func('TFE_NewTensorHandleFromDeviceMemory', P, [
      ...[P, 'const char *', 'int', P, 'int', P, 'size_t', P, P, P],
    ]);
  const nothing = addressOfNothing(library);
  return ({ type, shape, values }, address) => {
    const sizes = BigInt64Array.from(shape, BigInt);
    const handle: Pointer = create(
      ...[context, device, type, sizes, shape.length, address, values.byteLength],
      ...[nothing, null, status],
    );
    assertSucceeded(library, 'a batch on the GPU');
    return handle;
  };
}
