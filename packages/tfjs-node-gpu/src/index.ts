/*
 * `@tensorflow/tfjs-node-gpu` under another name: an override names a package, not one of its entries.
 */
export * from '@dlcmp/tfjs-node/gpu';
