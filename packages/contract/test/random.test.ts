import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createGenerator, nextInteger, nextUniform, permutation } from '../src';
import { chiSquare } from './chi-square';

/** Worked out by `make-random-fixture.py`. */
const fixtures: { seed: number; draws: number[] }[] = JSON.parse(
  readFileSync(new URL('./fixtures/random.json', import.meta.url), 'utf8'),
);

/** 99.9th percentiles of the chi-square distribution with 15 and 23 degrees of freedom. */
const BOUND_15 = 37.7;
const BOUND_23 = 49.7;

describe('createGenerator', () => {
  it.each(fixtures)('draws the numbers worked out independently for seed $seed', (fixture) => {
    const generator = createGenerator(fixture.seed, 'order', 1);
    const draws = fixture.draws.map(() => generator.next() >>> 0);
    expect(draws).toEqual(fixture.draws);
  });

  it('draws another sequence for another seed, purpose or index', () => {
    const sequences = [
      createGenerator(1, 'order', 1),
      createGenerator(2, 'order', 1),
      createGenerator(1, 'flips', 1),
      createGenerator(1, 'order', 2),
      createGenerator(1, 'order'),
      createGenerator(1, 'order', 1, 0),
    ].map((generator) => [generator.next(), generator.next()].join());
    expect(new Set(sequences).size).toBe(sequences.length);
  });

  it('gives neighbouring seeds unrelated first draws', () => {
    const counts = new Array<number>(16).fill(0);
    for (let seed = 0; seed < 16_000; seed++) {
      (counts[Math.floor(nextUniform(createGenerator(seed, 'order', 1)) * 16)] as number) += 1;
    }
    expect(chiSquare(counts)).toBeLessThan(BOUND_15);
  });
});

describe('nextUniform', () => {
  it('fills [0, 1) evenly', () => {
    const generator = createGenerator(3, 'uniform');
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) {
      (counts[Math.floor(nextUniform(generator) * 16)] as number) += 1;
    }
    expect(counts).toHaveLength(16);
    expect(chiSquare(counts)).toBeLessThan(BOUND_15);
  });

  it('gives float32 values', () => {
    const generator = createGenerator(3, 'uniform');
    for (let i = 0; i < 100; i++) {
      const draw = nextUniform(generator);
      expect(Math.fround(draw)).toBe(draw);
    }
  });
});

describe('nextInteger', () => {
  it('rejects draws that would favour small numbers', () => {
    const bound = 3 * 2 ** 30;
    const scripted = [-1, bound, 5];
    const generator = { next: () => scripted.shift() as number } as Parameters<
      typeof nextInteger
    >[0];
    expect(nextInteger(generator, bound)).toBe(5);
    expect(scripted).toEqual([]);
  });
});

describe('permutation', () => {
  it('holds each number once', () => {
    const order = permutation(createGenerator(5, 'order', 1), 1000);
    expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()]);
    expect([...order]).not.toEqual([...order.keys()]);
  });

  it('gives each of the 24 orders of four numbers alike often', () => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 4800; epoch++) {
      const order = permutation(createGenerator(11, 'order', epoch), 4).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()])).toBeLessThan(BOUND_23);
  });

  it('of no or one number is that', () => {
    expect([...permutation(createGenerator(1, 'order'), 0)]).toEqual([]);
    expect([...permutation(createGenerator(1, 'order'), 1)]).toEqual([0]);
  });
});
