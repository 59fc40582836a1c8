import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';

/** Advice to `madvise`. */
const MADV_HUGEPAGE = 14;
const HUGE_PAGE = 2n ** 21n;

/**
 * Has Linux back `memory`, however far it grows up to `maximumBytes`, by pages of 2 MB where it leaves that to programs: weights and a
 * batch's images are tens of megabytes each, and their addresses are translated once for 2 MB instead of for 4 kB.
 * Elsewhere nothing happens.
 */
export function useHugePages(memory: WebAssembly.Memory, maximumBytes: number): void {
  if (process.platform !== 'linux') return;
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  const madvise = koffi.load(null).func('int madvise(uintptr_t, size_t, int)');
  const start = koffi.address(new Uint8Array(memory.buffer));
  const first = start + HUGE_PAGE - (start % HUGE_PAGE);
  madvise(first, BigInt(maximumBytes) - (first - start), MADV_HUGEPAGE);
}
