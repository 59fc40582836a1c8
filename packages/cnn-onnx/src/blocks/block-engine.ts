import type { KernelPool } from '../kernels/kernel-pool';
import type { SharedHeap } from '../kernels/shared-heap';
import type { MatrixProducts } from '../runtime/matrix-products';

/** What blocks compute with. */
export interface BlockEngine {
  readonly heap: SharedHeap;
  readonly pool: KernelPool;
  readonly products: MatrixProducts;
  /** Images that a batch has at most. */
  readonly capacity: number;
  /** Images that go through the blocks together, few enough for the CPU's cache. */
  readonly chunk: number;
  /** Whether what the gradient needs is kept. */
  readonly training: boolean;
}
