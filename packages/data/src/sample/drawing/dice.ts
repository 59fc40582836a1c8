import { nextInteger, nextUniform, type RandomGenerator } from '@dlcmp/contract';

/** The random choices of one picture. */
export interface Dice {
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Choice>(choices: readonly [Choice, ...Choice[]]): Choice;
}

export function createDice(generator: RandomGenerator): Dice {
  const between = (low: number, high: number) => low + (high - low) * nextUniform(generator);
  return {
    between,
    whole: (low, high) => low + nextInteger(generator, high - low + 1),
    chance: (probability) => nextUniform(generator) < probability,
    pick: (choices) => choices[nextInteger(generator, choices.length)] ?? choices[0],
  };
}
