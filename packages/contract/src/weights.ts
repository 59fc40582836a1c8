import { assertArgument } from './errors';
import { assertCnnSpec, type ModelSpec } from './model-spec';

/** A float32 tensor, row-major. */
export interface WeightTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Weights by PyTorch's names and in PyTorch's layouts: `conv1.weight` [out, in, height, width],
 * `fc1.weight` [out, in] with its input flattened in channel, height, width order, and a `.bias`
 * [out] for each.
 */
export type Weights = Readonly<Record<string, WeightTensor>>;

/** Number of values in a tensor of `shape`. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Side length after convolution block `blocks`; each pool halves, an odd size loses its last. */
export function sizeAfterBlocks(side: number, blocks: number): number {
  return side >> blocks;
}

/**
 * Shape of each weight of `simple-cnn`, in the network's order: `conv1.weight`, `conv1.bias`,
 * `conv2.weight`, `conv2.bias`, `conv3.weight`, `conv3.bias`, `fc1.weight`, `fc1.bias`,
 * `fc2.weight`, `fc2.bias`.
 */
export function simpleCnnShapes(spec: ModelSpec): Record<string, readonly number[]> {
  const { channels, hiddenUnits } = assertCnnSpec(spec);
  const [first, second, third] = channels;
  const flattened =
    third * sizeAfterBlocks(spec.inputHeight, 3) * sizeAfterBlocks(spec.inputWidth, 3);
  return {
    'conv1.weight': [first, 3, 3, 3],
    'conv1.bias': [first],
    'conv2.weight': [second, first, 3, 3],
    'conv2.bias': [second],
    'conv3.weight': [third, second, 3, 3],
    'conv3.bias': [third],
    'fc1.weight': [hiddenUnits, flattened],
    'fc1.bias': [hiddenUnits],
    'fc2.weight': [spec.classNames.length, hiddenUnits],
    'fc2.bias': [spec.classNames.length],
  };
}

/** Throws `INVALID_ARGUMENT` unless `weights` has exactly the tensors of `spec`'s `simple-cnn`. */
export function assertWeights(weights: Weights, spec: ModelSpec): void {
  const shapes = simpleCnnShapes(spec);
  const unknown = Object.keys(weights).filter((name) => !(name in shapes));
  assertArgument(
    unknown.length === 0,
    `simple-cnn has no weight named ${unknown.join(', ')}. Its weights: ${Object.keys(shapes).join(', ')}.`,
  );
  for (const [name, shape] of Object.entries(shapes)) {
    const tensor = weights[name];
    assertArgument(
      tensor !== undefined,
      `The weight ${name} is missing. There are: ${Object.keys(weights).join(', ')}.`,
    );
    assertArgument(
      tensor.shape.join() === shape.join() && tensor.data.length === elementCount(shape),
      `The weight ${name} must have the shape [${shape.join(', ')}], not [${tensor.shape.join(', ')}].`,
    );
  }
}
