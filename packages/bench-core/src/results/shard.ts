import * as z from 'zod/mini';

/** Some of a study's blocks; a block is all contenders of one seed. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

const positive = z.int().check(z.minimum(1));

export const shardSchema = z.object({ index: positive, count: positive });

/**
 * Of `seeds` those whose blocks belong to `shard`, all where there is none: every `count`-th, so that seeds added behind
 * leave each block where it was.
 */
export function seedsOfShard(seeds: readonly number[], shard: Shard | undefined): number[] {
  return seeds.filter((_, at) => !shard || at % shard.count === shard.index - 1);
}

/** As `--shard` takes it: `2/5`. */
export function describeShard({ index, count }: Shard): string {
  return `${index}/${count}`;
}
