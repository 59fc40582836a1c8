import { createGenerator, nextInteger, type Weights } from '@dlcmp/contract';

/** Some values of each tensor by its name: all of a small one. */
export type Samples = Readonly<Record<string, Float64Array>>;

/** Enough for a share of one in a thousand to show. */
const MOST_VALUES = 16_384;

type Tensors = Readonly<Record<string, ArrayLike<number>>>;

/** Values at the same places of the tensors of any contender. */
export function sampleTensors(tensors: Tensors): Samples {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, data]) => [name, sampleTensor(name, data)]),
  );
}

/** {@link sampleTensors} of weights. */
export function sampleWeights(weights: Weights): Samples {
  return sampleTensors(
    Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, data])),
  );
}

/** `after` less `before`. */
export function subtractSamples(after: Samples, before: Samples): Samples {
  return Object.fromEntries(
    Object.entries(before).map(([name, values]) => [
      name,
      values.map((value, at) => (after[name]?.[at] ?? Number.NaN) - value),
    ]),
  );
}

function sampleTensor(name: string, data: ArrayLike<number>): Float64Array {
  if (data.length <= MOST_VALUES) return Float64Array.from(data);
  const generator = createGenerator(0, `gate-sample/${name}`);
  return Float64Array.from(
    { length: MOST_VALUES },
    () => data[nextInteger(generator, data.length)] as number,
  );
}
