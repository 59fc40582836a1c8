import type { Network, Weights } from '@dlcmp/contract';
import type { WeightJourney } from '../../results/training-record';

/** Sums in a sketch. A distance between two sketches is that of the weights within √(2/256) = 9 %. */
const SKETCH_LENGTH = 256;

/**
 * How far training has taken `weights` from `initial`, both by name; running statistics are left out. Trials are compared by
 * it without keeping their weights.
 *
 * The sketch adds up all movements, each with a sign and in a sum that are drawn by its place: the distance between two
 * sketches estimates that of the weights without bias. Source: Charikar, Chen and Farach-Colton 2002, "Finding frequent items
 * in data streams".
 */
export function weightJourney(network: Network, initial: Weights, weights: Weights): WeightJourney {
  const sketch = new Float64Array(SKETCH_LENGTH);
  let [count, squares, way, along] = [0, 0, 0, 0];
  for (const name of Object.keys(network.weightShapes)) {
    const start = initial[name]?.data ?? [];
    const end = weights[name]?.data ?? [];
    for (let at = 0; at < start.length; at++) {
      const from = start[at] as number;
      const moved = (end[at] as number) - from;
      squares += from * from;
      way += moved * moved;
      along += moved * from;
      const draw = scramble(count++);
      const place = draw % SKETCH_LENGTH;
      sketch[place] = (sketch[place] as number) + (draw >>> 31 === 1 ? moved : -moved);
    }
  }
  const norm = Math.sqrt(squares);
  return {
    count,
    way: Math.sqrt(way) / norm,
    along: along / squares,
    sketch: Array.from(sketch, (sum) => Number((sum / norm).toPrecision(7))),
  };
}

/**
 * Spreads whole numbers over 32 bits: lowbias32 of https://nullprogram.com/blog/2018/07/31/, where its constants were searched
 * for.
 */
function scramble(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
