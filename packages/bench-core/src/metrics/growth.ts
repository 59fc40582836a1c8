import { median } from 'simple-statistics';
import * as z from 'zod/mini';
import { meanInterval } from './mean-interval';

/** How much something grows a unit (a request, a cycle), with the 99% interval of it. */
export interface Growth {
  readonly perUnit: number;
  readonly low: number;
  readonly high: number;
}

export const growthSchema = z.object({ perUnit: z.number(), low: z.number(), high: z.number() });

/** A value seen after so many units. */
export interface GrowthSample {
  readonly at: number;
  readonly value: number;
}

const BLOCKS = 20;
const CONFIDENCE = 0.99;

/**
 * How `samples` (at least three, evenly spaced) grow: they are cut into up to 20 blocks, and the steps from one block's median to
 * the next are held against Student's t. Memory is correlated in time and moves in jumps, so its values scatter about no line, but
 * its steps scatter about their mean: of a random walk the interval is exact, of independent values it is wider than it need be, and
 * a jump or two among many steps without one never exclude 0. A leak is what nearly every block shows.
 *
 * @param resolution by how much values may differ at the two ends for reasons of their own: the interval is that much wider. Default 0.
 */
export function growthOf(samples: readonly GrowthSample[], resolution = 0): Growth {
  const blocks = blockMedians(samples);
  const steps = blocks
    .slice(1)
    .map(({ at, value }, index) => (value - blocks[index]!.value) / (at - blocks[index]!.at));
  const { mean, halfWidth } = meanInterval(steps, CONFIDENCE);
  if (halfWidth === null) throw new RangeError('Growth takes three samples at least.');
  const width = halfWidth + resolution / (blocks.at(-1)!.at - blocks[0]!.at);
  return { perUnit: mean, low: mean - width, high: mean + width };
}

/** Whether it grows beyond chance. */
export function isGrowing({ low }: Growth): boolean {
  return low > 0;
}

function blockMedians(samples: readonly GrowthSample[]): GrowthSample[] {
  const count = Math.min(BLOCKS, samples.length);
  return Array.from({ length: count }, (_, block) => {
    const from = Math.floor((block * samples.length) / count);
    const to = Math.floor(((block + 1) * samples.length) / count);
    const own = samples.slice(from, to);
    return { at: median(own.map(({ at }) => at)), value: median(own.map(({ value }) => value)) };
  });
}
