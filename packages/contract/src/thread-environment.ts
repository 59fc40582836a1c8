/**
 * Environment that holds the usual native thread pools to `threads`, whichever a framework is built
 * on: OpenMP, MKL, OpenBLAS, Apple's Accelerate, Rayon, TensorFlow.
 */
export function threadEnvironment(threads: number): Record<string, string> {
  const count = String(threads);
  return {
    OMP_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    VECLIB_MAXIMUM_THREADS: count,
    RAYON_NUM_THREADS: count,
    TF_NUM_INTRAOP_THREADS: count,
    TF_NUM_INTEROP_THREADS: count,
  };
}
