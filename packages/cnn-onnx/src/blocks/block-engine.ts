import type { KernelPool, SharedHeap } from '@dlcmp/kernels';
import type { NativeProducts } from '../runtime/native-products';

/** What stages compute with. */
export interface BlockEngine {
  readonly heap: SharedHeap;
  readonly pool: KernelPool;
  readonly products: NativeProducts;
  /** Images whose way through the blocks is kept: those computed at the same time, or for gradients a whole batch. */
  readonly slots: number;
  /** Whether gradients follow, which need to know where each maximum was. */
  readonly training: boolean;
}
