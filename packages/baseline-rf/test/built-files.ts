/** The paths of `src/exact/built-files.ts`, as seen from here. */
export const WORKER_URL = new URL('../dist/forest-worker.js', import.meta.url);
export const TREE_GROWER_URL = new URL('../dist/tree-grower.wasm', import.meta.url);
