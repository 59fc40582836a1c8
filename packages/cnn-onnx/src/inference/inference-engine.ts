import type { KernelPool } from '../kernels/kernel-pool';
import type { SharedHeap } from '../kernels/shared-heap';
import type { NativeProducts } from '../runtime/native-products';

/** What stages compute with. */
export interface InferenceEngine {
  readonly heap: SharedHeap;
  readonly pool: KernelPool;
  readonly products: NativeProducts;
  /** Images that are computed at the same time. */
  readonly slots: number;
}
