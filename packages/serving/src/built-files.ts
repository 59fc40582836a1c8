/*
 * What the build leaves in `dist/` beside the library itself. This file stays directly in `src/`: from there as
 * from `dist/`, the path is the same.
 */

/** The program of a worker's process. */
export const WORKER_PROGRAM = new URL('../dist/serving-worker.js', import.meta.url);
