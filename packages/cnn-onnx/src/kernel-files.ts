/*
 * What the build leaves in `dist/` beside the library itself. This file stays directly in `src/`: from there as
 * from `dist/`, the paths are the same.
 */

/** What threads of kernels multiply matrices with. */
export const NATIVE_MULTIPLY = new URL('../dist/native-multiply.js', import.meta.url);

/** The script of the process that tries WebGPU. */
export const WEBGPU_PROBE = new URL('../dist/webgpu-probe.js', import.meta.url);
