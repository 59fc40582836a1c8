import type { Shard } from '@dlcmp/bench-core';
import { mostThreads } from '@dlcmp/contract';
import { InvalidArgumentError } from 'commander';

/** Parses a whole number of at least `minimum`. */
export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`It must be a whole number of at least ${minimum}.`);
  };
}

/** Parses a number of threads that a machine like this one can be asked for. */
export function threadCount(text: string): number {
  const value = wholeNumber(1)(text);
  if (value <= mostThreads()) return value;
  throw new InvalidArgumentError(`It must be at most ${mostThreads()} on this machine.`);
}

/** Parses the address of a server. */
export function webAddress(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address && /^https?:$/.test(address.protocol)) return text;
  throw new InvalidArgumentError('It must be an http address, e.g. http://127.0.0.1:5000.');
}

/** Parses a number above zero. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** Parses a number above 0 and up to 1. */
export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number above 0 and up to 1, e.g. 0.8.');
}

/** Parses a number above 0 and below 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('It must be a number above 0 and below 1, e.g. 0.2.');
}

/** Parses a number of zero or more. */
export function nonNegativeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a number of 0 or more.');
}

const MAX_SEED = 0xffff_ffff;

/** `3` = the seeds 1, 2, 3; `7,8,9` = those seeds; `7,` = the seed 7 alone. */
export function seedList(text: string): number[] {
  if (/^\d+$/.test(text)) {
    const count = wholeNumber(1)(text);
    return Array.from({ length: count }, (_, index) => index + 1);
  }
  const seeds = text.split(',').filter((part) => part !== '');
  const values = seeds.map(wholeNumber(0));
  if (values.length === 0 || values.some((seed) => seed > MAX_SEED)) {
    throw new InvalidArgumentError(`Seeds are whole numbers from 0 to ${MAX_SEED}.`);
  }
  if (new Set(values).size !== values.length) {
    throw new InvalidArgumentError('Every seed may stand once.');
  }
  return values;
}

/** `2/5` = of all blocks the second, the seventh, … */
export function shardOf(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count && Number.isSafeInteger(count)) return { index, count };
  throw new InvalidArgumentError(
    'It must be K/N with K from 1 to N, e.g. 2/5; in an array of N tasks "$SLURM_ARRAY_TASK_ID/N".',
  );
}

/** `a,b,c` */
export function nameList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('It must be names separated by commas.');
  if (new Set(names).size !== names.length) {
    throw new InvalidArgumentError('Every name may stand once.');
  }
  return names;
}
