import { assertArgument } from '@dlcmp/contract';
import { averagePool2d } from './average-pool2d';
import { type BatchNorm2dOptions, batchNorm2d } from './batch-norm2d';
import { channelBias } from './channel-bias';
import { type ConvolutionOptions, convolution } from './conv2d';
import { type DenseOptions, dense } from './dense';
import { type DropoutOptions, dropout } from './dropout';
import { flatten } from './flatten';
import { globalAveragePool } from './global-average-pool';
import type { Layer, LayerDescription } from './layer';
import { maxPool2d } from './max-pool2d';
import { relu } from './relu';

/** Each factory checks its options, so that a description read from a file is safe to hand on. */
const FACTORIES: Readonly<Record<string, (options: never) => Layer>> = {
  averagePool2d,
  batchNorm2d: (options: BatchNorm2dOptions) => batchNorm2d(options),
  channelBias: ({ name }: { name: string }) => channelBias(name),
  convolution: (options: ConvolutionOptions) => convolution(options),
  dense: (options: DenseOptions) => dense(options),
  dropout: (options: DropoutOptions) => dropout(options),
  flatten,
  globalAveragePool,
  maxPool2d,
  relu,
};

/**
 * The layer that `description` is of.
 *
 * @throws `INVALID_ARGUMENT` where it is of no layer of this package
 */
export function createLayer(description: LayerDescription): Layer {
  const factory = Object.hasOwn(FACTORIES, description.type) && FACTORIES[description.type];
  assertArgument(
    factory !== undefined && factory !== false,
    `There is no layer type "${description.type}". Known: ${Object.keys(FACTORIES).join(', ')}.`,
  );
  return factory(description as never);
}
