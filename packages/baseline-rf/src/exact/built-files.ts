/**
 * What the build puts beside the bundle: the worker's script, and the WebAssembly module that grows
 * trees.
 */
export const WORKER_URL = new URL('./forest-worker.js', import.meta.url);
export const TREE_GROWER_URL = new URL('./tree-grower.wasm', import.meta.url);
