/*
 * What the build leaves in `dist/` beside the library itself. This file stays directly in `src/`: from there as
 * from `dist/`, the paths are the same.
 */

/** The loops compiled from `assembly/`. */
export const RESIZE_BINARY = new URL('../dist/resize.wasm', import.meta.url);

/** The script of a thread that decodes. */
export const DECODE_WORKER = new URL('../dist/decode-worker.js', import.meta.url);
