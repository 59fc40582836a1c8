import { hasAvx512 } from '@dlcmp/contract';
import { hasOneDnn } from '../kernels/one-dnn';
import type { NodeBackend } from '../node-backend';
import { PRODUCT_OP } from './stack-products';
import { TilePool } from './tile-pool';

const pools = new WeakMap<NodeBackend, TilePool>();

/** The threads of a backend that {@link canTile}, started when first needed. */
export function tilePoolOf(backend: NodeBackend): TilePool {
  const known = pools.get(backend);
  if (known) return known;
  const { binding } = backend;
  const pool = new TilePool(binding.eager.library, binding.threads);
  pools.set(backend, pool);
  binding.beforeClose(() => pool.close());
  return pool;
}

/** Whether convolutions by tiles can be had: by oneDNN's products, and the C library of Linux or macOS. */
export function canTile(backend: NodeBackend): boolean {
  return (
    process.platform !== 'win32' && hasOneDnn(backend) && backend.binding.hasKernel(PRODUCT_OP)
  );
}

const verdicts = new WeakMap<NodeBackend, boolean>();

/** Whether they are faster, too: with AVX-512, oneDNN's own convolutions outrun transforms that have vectors of 128 bits. */
export function shouldTile(backend: NodeBackend): boolean {
  const known = verdicts.get(backend);
  if (known !== undefined) return known;
  const verdict = canTile(backend) && hasAvx512() === false;
  verdicts.set(backend, verdict);
  return verdict;
}
