import {
  assertArgument,
  drawUniform,
  elementCount,
  type Weights,
  type WeightTensor,
} from '@dlcmp/contract';
import type { Network } from '../layers/sequential';

/**
 * Weights and state that `network` starts from where none are given, as PyTorch does: convolutions
 * and dense layers uniform in ±1/√fan-in with their biases, normalisations 1 and 0. For the layers of
 * `simple-cnn` they are the contract's.
 */
export function drawNetworkWeights(network: Network, seed: number): Weights {
  const weights = Object.entries(network.weightShapes).map(([name, shape]) => [
    name,
    drawWeight(network, name, shape, seed),
  ]);
  const state = Object.entries(network.stateShapes).map(([name, shape]) => [
    name,
    constant(shape, name.endsWith('running_var') ? 1 : 0),
  ]);
  return Object.fromEntries([...weights, ...state]);
}

function drawWeight(
  network: Network,
  name: string,
  shape: readonly number[],
  seed: number,
): WeightTensor {
  const layer = name.slice(0, name.lastIndexOf('.'));
  const [, ...inputs] = network.weightShapes[`${layer}.weight`] ?? [];
  if (inputs.length === 0) return constant(shape, name.endsWith('.weight') ? 1 : 0);
  return { shape, data: drawUniform(seed, name, shape, 1 / Math.sqrt(elementCount(inputs))) };
}

function constant(shape: readonly number[], value: number): WeightTensor {
  return { shape, data: new Float32Array(elementCount(shape)).fill(value) };
}

/**
 * Throws `INVALID_ARGUMENT` unless `weights` has exactly the tensors of `network`.
 */
export function assertNetworkWeights(weights: Weights, network: Network): void {
  const shapes = { ...network.weightShapes, ...network.stateShapes };
  const unknown = Object.keys(weights).filter((name) => !Object.hasOwn(shapes, name));
  assertArgument(
    unknown.length === 0,
    `The network has no weight named ${unknown.join(', ')}. Its weights: ${Object.keys(shapes).join(', ')}.`,
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
