/*
 * Names of kernels beyond those of TensorFlow.js, which a backend may have; without them, the same is computed by several of
 * TensorFlow.js's own.
 */

/** The gradient of a rectifier: dy where its output y is positive, else 0. */
export const RELU_GRADIENT = 'ReluGradient';

/** Bytes (the attribute `bytes`, of the attribute `shape`) as float32. */
export const BYTES_TO_FLOATS = 'BytesToFloats';

/** Convolution 3×3 of stride 1 (padding `same`), bias, rectifier and 2×2 max-pooling, without what gradients would need. */
export const CONVOLVE_RECTIFY_POOL = 'ConvolveRectifyPool';
