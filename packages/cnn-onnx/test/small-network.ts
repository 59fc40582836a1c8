import type { NetworkNode } from '@dlcmp/contract';
import { SMALL_SPEC } from './small-spec';

/** A branch, a depthwise convolution, every pool, small enough to train in milliseconds. */
export const SMALL_NODES: readonly NetworkNode[] = [
  { type: 'conv2d', name: 'conv1', channels: 4, kernelSize: 3, padding: 1, bias: false },
  { type: 'batchNorm', name: 'bn1' },
  { type: 'relu' },
  { type: 'maxPool', name: 'pool', kernelSize: 3, stride: 2, padding: 1 },
  { type: 'conv2d', name: 'depthwise', channels: 4, kernelSize: 3, padding: 1, groups: 4 },
  { type: 'silu', name: 'gated' },
  { type: 'add', inputs: ['gated', 'pool'] },
  { type: 'conv2d', name: 'conv2', channels: 6, kernelSize: 3, stride: 2, padding: 1 },
  { type: 'hardSwish' },
  { type: 'dropout', name: 'drop', rate: 0.2 },
  { type: 'averagePool', kernelSize: 2, stride: 1 },
  { type: 'globalAveragePool' },
  { type: 'flatten' },
  { type: 'dropout', name: 'dropout', rate: 0.3 },
  { type: 'dense', name: 'fc', units: 'classes' },
];

/** A spec of {@link SMALL_NODES} for `smallImages`. */
export const SMALL_SEQUENTIAL = {
  inputHeight: SMALL_SPEC.inputHeight,
  inputWidth: SMALL_SPEC.inputWidth,
  classNames: SMALL_SPEC.classNames,
  seed: SMALL_SPEC.seed,
  layers: SMALL_NODES,
};
