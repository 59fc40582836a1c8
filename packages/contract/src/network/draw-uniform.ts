import { createGenerator, nextUniform } from '../random';
import { elementCount } from '../weights';

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
