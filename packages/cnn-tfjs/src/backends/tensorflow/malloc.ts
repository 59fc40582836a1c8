import type { NativeLibrary } from './binding/native-library';

/** Parameters of glibc's `mallopt`. */
const M_TRIM_THRESHOLD = -1;
const M_MMAP_MAX = -4;
const LARGEST_INT = 2 ** 31 - 1;

/**
 * Has glibc keep freed memory for the next step instead of handing each large block back to the system, which would
 * have to clear it again: a third of a training step. Elsewhere nothing happens.
 */
export function keepFreedMemory({ koffi }: NativeLibrary): void {
  if (process.platform !== 'linux') return;
  try {
    const mallopt = koffi.load(null).func('int mallopt(int, int)');
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, LARGEST_INT);
  } catch {
    // Another C library, which has no such parameters.
  }
}
