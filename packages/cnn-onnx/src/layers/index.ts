export { type Attributes, type DataType, GraphBuilder, type Value } from '../onnx/graph-builder';
export { averagePool2d } from './average-pool2d';
export { type BatchNorm2dOptions, batchNorm2d } from './batch-norm2d';
export { channelBias } from './channel-bias';
export { type Conv2dOptions, type ConvolutionOptions, conv2d, convolution } from './conv2d';
export { createLayer } from './create-layer';
export { type DenseOptions, dense } from './dense';
export { type DropoutOptions, dropout, dropoutMaskName } from './dropout';
export { flatten } from './flatten';
export { globalAveragePool } from './global-average-pool';
export type {
  AppliedLayer,
  DropoutMask,
  Layer,
  LayerContext,
  LayerDescription,
  LayerGradients,
  LayerList,
  SampleShape,
} from './layer';
export { maxPool2d, type PoolOptions } from './max-pool2d';
export { relu } from './relu';
export { type AppliedNetwork, type Network, sequential } from './sequential';
export { type LossOptions, softmaxCrossEntropy } from './softmax-cross-entropy';
