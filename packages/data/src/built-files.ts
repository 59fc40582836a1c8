/*
 * What the build leaves in `dist/` beside the library itself. This file stays directly in `src/`: from there as
 * from `dist/`, the paths are the same.
 */

/** The loops compiled from `assembly/`. */
export const RESIZE_BINARY = new URL('../dist/resize.wasm', import.meta.url);
