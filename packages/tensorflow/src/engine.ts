/*
 * `@dlcmp/tensorflow/engine`: for who builds on native TensorFlow: backends under names of their own, and functions of
 * TensorFlow's made of what TensorFlow.js computes.
 */
export type { Pointer } from './binding/c-functions';
export type { DeviceType } from './binding/config-proto';
export { TF_FLOAT, TF_UINT8 } from './binding/data-types';
export { executeOp } from './binding/execute-op';
export type { TensorMetadata } from './binding/native-binding';
export { readHandle } from './binding/tensor-values';
export { GraphBinding } from './graph/graph-binding';
export { createStepFeed, type FedArray, type StepFeed } from './graph/step-feed';
export type { StepFunction } from './graph/step-function';
export { bytesToFloats, traceFunction } from './graph/trace-function';
export { applyAdamInPlace } from './kernels/adam';
export { bool, integer, type } from './kernels/attributes';
export { BYTES_TO_FLOATS, CONVOLVE_RECTIFY_POOL, RELU_GRADIENT } from './kernels/own-kernels';
export { lend } from './kernels/variables';
export type { NodeBackend } from './node-backend';
export { type EngineOptions, type OpenEngine, openEngine } from './open-engine';
export { probeTensorFlow, type TensorFlowProbe } from './probe-tensorflow';
export type { TensorFlowEngine } from './start-engine';
