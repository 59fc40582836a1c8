import { assertFitsMemory } from './memory-limit';
import type { Initializer, ModelSpec } from './model-spec';
import { createGenerator, nextUniform } from './random';
import { assertWeights, elementCount, simpleCnnShapes, type Weights } from './weights';

/**
 * The weights `spec` starts from: `spec.initialWeights` where given (checked), else drawn by
 * `spec.seed` with `spec.initializer`. Each tensor has a generator of its own, so that none depends
 * on the size of another.
 *
 * @throws `INVALID_ARGUMENT`, also where the machine's memory does not suffice to train them
 */
export function createInitialWeights(spec: ModelSpec): Weights {
  if (spec.initialWeights) {
    assertWeights(spec.initialWeights, spec);
    return spec.initialWeights;
  }
  const shapes = simpleCnnShapes(spec);
  assertFitsMemory(shapes);
  const initializer = spec.initializer ?? 'uniform-fan-in';
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const layer = name.slice(0, name.lastIndexOf('.'));
      const bound = uniformBound(
        initializer,
        shapes[`${layer}.weight`] as readonly number[],
        name.endsWith('.bias'),
      );
      return [name, { shape, data: drawUniform(spec.seed, name, shape, bound) }];
    }),
  );
}

/** Half-width of the interval that a tensor is drawn from, given its layer's weight shape. */
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

/** The tensor called `name` with values uniform in ±`bound`, from a generator of its own. */
export function drawUniform(
  seed: number,
  name: string,
  shape: readonly number[],
  bound: number,
): Float32Array {
  const data = new Float32Array(elementCount(shape));
  if (bound === 0) return data;
  const generator = createGenerator(seed, `initial-weights/${name}`);
  for (let i = 0; i < data.length; i++) data[i] = (2 * nextUniform(generator) - 1) * bound;
  return data;
}
