/*
 * `@dlcmp/tensorflow/engine`: for who builds on native TensorFlow: backends under names of their own, and functions of
 * TensorFlow's made of what TensorFlow.js computes.
 */
export type { DeviceType } from './binding/config-proto';
export type { CompiledFunction, FunctionArguments } from './graph/compile-function';
export type { FunctionOutput } from './graph/function-output';
export type {
  AdamUpdate,
  ArrayInput,
  FunctionInputs,
  FunctionTrace,
  FunctionVariable,
} from './graph/function-trace';
export type { AdamNumbers, AdamTensors } from './kernels/adam';
export { BYTES_TO_FLOATS, CONVOLVE_RECTIFY_POOL, RELU_GRADIENT } from './kernels/own-kernels';
export { type EngineOptions, type OpenEngine, openEngine } from './open-engine';
export { probeTensorFlow, type TensorFlowProbe } from './probe-tensorflow';
