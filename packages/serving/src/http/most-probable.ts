import type { OpenedModel } from '../workers/messages';

/** A class and its probability, 0–1. */
export interface ClassProbability {
  readonly name: string;
  readonly probability: number;
}

/** The `count` most probable classes of an answer, the most probable first. */
export function mostProbable(
  probabilities: Float32Array,
  { classNames }: Pick<OpenedModel, 'classNames'>,
  count: number,
): ClassProbability[] {
  return classNames
    .map((name, index) => ({ name, probability: probabilities[index] as number }))
    .sort((left, right) => right.probability - left.probability)
    .slice(0, count);
}
