/*
 * What the build leaves in `dist/` beside the library itself. This file stays directly in `src/`: from there as
 * from `dist/`, the paths are the same.
 */

/** The kernels compiled from `assembly/`. */
export const KERNEL_BINARY = new URL('../dist/kernels.wasm', import.meta.url);

/** The script of a thread that computes with them. */
export const KERNEL_WORKER = new URL('../dist/kernel-worker.js', import.meta.url);

/** The script of the process that tries WebGPU. */
export const WEBGPU_PROBE = new URL('../dist/webgpu-probe.js', import.meta.url);
