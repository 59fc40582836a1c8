import { type KernelPool, MAX_HEAP_BYTES, SharedHeap } from '@dlcmp/kernels';
import { useHugePages } from './huge-pages';
import { NativeProducts } from './native-products';
import { createProductPool } from './product-pool';
import { viewMemory } from './view-memory';

/** Memory, threads and matrix products that belong together: one for all that computes on the same arrays. */
export interface Compute {
  readonly heap: SharedHeap;
  readonly pool: KernelPool;
  readonly products: NativeProducts;
  /** Ends the threads and frees the products. */
  release(): Promise<void>;
}

/**
 * Kernels on so many threads, with products by ONNX Runtime. What fails midway leaves nothing behind.
 *
 * @param library ONNX Runtime's own, see `findNativeLibrary`
 */
export async function openCompute(library: string, threads: number): Promise<Compute> {
  const heap = new SharedHeap(viewMemory);
  useHugePages(heap.memory, MAX_HEAP_BYTES);
  const products = new NativeProducts(library);
  try {
    const pool = await createProductPool(heap.memory, threads);
    const release = async () => {
      await pool.close();
      products.release();
    };
    return { heap, pool, products, release };
  } catch (error) {
    products.release();
    throw error;
  }
}

/** What `use` makes of something to be released, which is released where that fails. */
export async function releaseOnFailure<Resource extends { release(): Promise<void> }, Result>(
  resource: Resource,
  use: (resource: Resource) => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await use(resource);
  } catch (error) {
    await resource.release();
    throw error;
  }
}
