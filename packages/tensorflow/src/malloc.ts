import type { NativeLibrary } from './binding/native-library';

/** Parameters of glibc's `mallopt`. */
const M_TRIM_THRESHOLD = -1;
const M_MMAP_MAX = -4;
const LARGEST_INT = 2 ** 31 - 1;

let done = false;

/**
 * Has glibc keep freed memory for the next step instead of handing each large block back to the system, which would
 * have to clear it again: a third of a training step. Elsewhere nothing happens.
 */
export function keepFreedMemory({ koffi }: NativeLibrary): void {
  if (done || process.platform !== 'linux') return;
  done = true;
  try {
    const mallopt = koffi.load(null).func('int mallopt(int, int)');
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, LARGEST_INT);
    useHugePages(koffi);
  } catch {
    // Another C library, which has no such parameters.
  }
}

/** Advice to `madvise`. */
const MADV_HUGEPAGE = 14;

const HUGE_PAGE = 2n ** 21n;

/** Bytes that the heap is made large by at once: more than a training step needs, less than glibc would hand back. */
const HEAP = 7 * 2 ** 28;

/**
 * Has the system back the heap by pages of 2 MB, where it leaves that to programs: the tensors of a step are tens of
 * megabytes each, and their addresses are translated once for 2 MB instead of for 4 kB.
 */
function useHugePages(koffi: NativeLibrary['koffi']): void {
  const system = koffi.load(null);
  const malloc = system.func('uintptr_t malloc(size_t)');
  const free = system.func('void free(uintptr_t)');
  const madvise = system.func('int madvise(uintptr_t, size_t, int)');
  const start = BigInt(malloc(HEAP));
  if (start === 0n) return;
  madvise(start + HUGE_PAGE - (start % HUGE_PAGE), HEAP - Number(HUGE_PAGE), MADV_HUGEPAGE);
  free(start);
}
