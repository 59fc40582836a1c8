import { assertArgument } from '../errors';
import { assertFitsMemory } from '../memory-limit';
import type { Initializer } from '../model-spec';
import { elementCount, type Weights, type WeightTensor } from '../weights';
import { drawUniform } from './draw-uniform';
import type { Network } from './resolve-network';

/**
 * Weights and state that `network` starts from: convolutions and dense layers by `initializer`, normalisations 1 and 0.
 * Each tensor has a generator of its own, so that none depends on the size of another.
 *
 * @throws `INVALID_ARGUMENT` where the machine's memory does not suffice to train them
 */
export function drawNetworkWeights(
  { weightShapes, stateShapes }: Network,
  seed: number,
  initializer: Initializer = 'uniform-fan-in',
): Weights {
  assertFitsMemory(weightShapes);
  const weights = Object.entries(weightShapes).map(([name, shape]) => {
    const node = name.slice(0, name.lastIndexOf('.'));
    const of = weightShapes[`${node}.weight`] as readonly number[];
    const isBias = name.endsWith('.bias');
    if (of.length === 1) return [name, constant(shape, isBias ? 0 : 1)];
    const bound = uniformBound(initializer, of, isBias);
    return [name, { shape, data: drawUniform(seed, name, shape, bound) }];
  });
  const state = Object.entries(stateShapes).map(([name, shape]) => [
    name,
    constant(shape, name.endsWith('running_var') ? 1 : 0),
  ]);
  return Object.fromEntries([...weights, ...state]);
}

function constant(shape: readonly number[], value: number): WeightTensor {
  return { shape, data: new Float32Array(elementCount(shape)).fill(value) };
}

/** Half-width of the interval that a tensor is drawn from, given its node's weight shape. */
function uniformBound(
  initializer: Initializer,
  weightShape: readonly number[],
  isBias: boolean,
): number {
  const [outputs, inputs, ...kernel] = weightShape as [number, number, ...number[]];
  const fanIn = inputs * elementCount(kernel);
  if (initializer === 'uniform-fan-in') return 1 / Math.sqrt(fanIn);
  return isBias ? 0 : Math.sqrt(6 / (fanIn + outputs * elementCount(kernel)));
}

/** Those of `weights` that belong to `network`, such as a part of a larger one. */
export function pickWeights(
  weights: Weights,
  { weightShapes, stateShapes }: Pick<Network, 'weightShapes' | 'stateShapes'>,
): Weights {
  const names = Object.keys({ ...weightShapes, ...stateShapes });
  return Object.fromEntries(names.map((name) => [name, weights[name] as WeightTensor]));
}

/** Throws `INVALID_ARGUMENT` unless `weights` has exactly the weights and the state of `network`. */
export function assertNetworkWeights(weights: Weights, network: Network): void {
  const { name } = network.description;
  const shapes = { ...network.weightShapes, ...network.stateShapes };
  const unknown = Object.keys(weights).filter((weight) => !Object.hasOwn(shapes, weight));
  assertArgument(
    unknown.length === 0,
    `${name} has no weight named ${brief(unknown)}. Its weights: ${brief(Object.keys(shapes))}.`,
  );
  for (const [weight, shape] of Object.entries(shapes)) {
    const tensor = weights[weight];
    assertArgument(
      tensor !== undefined,
      `The weight ${weight} is missing. There are: ${brief(Object.keys(weights))}.`,
    );
    assertArgument(
      tensor.shape.join() === shape.join() && tensor.data.length === elementCount(shape),
      `The weight ${weight} must have the shape [${shape.join(', ')}], not [${tensor.shape.join(', ')}].`,
    );
  }
}

const MOST_NAMES = 12;

function brief(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
