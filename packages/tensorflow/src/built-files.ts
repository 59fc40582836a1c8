/*
 * What the build leaves in `dist/` besides. This file stays directly in `src/`: from there as from `dist/`, the paths are
 * the same.
 */

/** What threads of kernels compute convolutions with beside TensorFlow. */
export const TILE_FUNCTIONS = new URL('../dist/tile-functions.js', import.meta.url);

/** The JavaScript of tfjs-node, as `build/bundle-tfjs-node.ts` makes it. */
export const TFJS_NODE_BUNDLE = new URL('../dist/tfjs-node.cjs', import.meta.url);

/** The script that prints the version of a library. */
export const LIBRARY_VERSION = new URL('../dist/library-version.js', import.meta.url);
