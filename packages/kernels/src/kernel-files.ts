/*
 * What the build leaves in `dist/` beside the library itself. This file stays directly in `src/`: from there as
 * from `dist/`, the paths are the same.
 */

/**
 * The kernels compiled from `assembly/`, the preferred build first: with relaxed SIMD, which fuses multiplications and
 * additions and which Node.js has since version 22, and without.
 */
export const KERNEL_BINARIES = [
  new URL('../dist/kernels-relaxed.wasm', import.meta.url),
  new URL('../dist/kernels.wasm', import.meta.url),
];

/** The script of a thread that computes with them. */
export const KERNEL_WORKER = new URL('../dist/kernel-worker.js', import.meta.url);
