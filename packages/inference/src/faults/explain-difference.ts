import { isDlcmpError } from '@dlcmp/contract';
import { compareAnswers } from '../answers/compare-answers';
import type { Treatment } from '../answers/treatment';
import { findClassOrder } from './class-order';
import { type FaultId, faultVariations } from './fault-variations';

/** Why two answers differ, as far as a common fault explains it. */
export interface Explanation {
  readonly fault: FaultId;
  /** Completes "It is as if …". */
  readonly words: string;
  /** Largest difference that is left with the fault, of a probability. */
  readonly remaining: number;
}

/** A model whose answers can be asked for with any treatment. */
export interface Answering {
  readonly treatment: Treatment;
  /** Names of the outputs that hold a row of floats an image. */
  readonly outputs: readonly string[];
  /** Probabilities of the images in question, row-major [images × classes]. */
  answer(treatment: Treatment): Promise<Float32Array>;
}

/** A fault that leaves this share of the difference explains most of it, where rounding or decoding does the rest. */
const MOST = 0.1;

/**
 * Tries each common fault on `model` and tells the one with which it answers what is `expected`; undefined where none does.
 * An explanation is what reproduces the other side's answers: that side may be right, and the description here wrong.
 *
 * @param expected row-major [images × classes]
 * @param tolerance largest difference of a probability between answers that are the same
 */
export async function explainDifference(
  model: Answering,
  expected: Float32Array,
  tolerance: number,
): Promise<Explanation | undefined> {
  const { treatment, outputs } = model;
  const { classNames } = treatment.model;
  const columns = classNames.length;
  const actual = await model.answer(treatment);
  const before = compareAnswers(actual, expected, columns).largest;
  if (before <= tolerance) return undefined;
  const order = findClassOrder(actual, expected, columns, tolerance);
  if (order) {
    return {
      fault: 'class-names-shuffled',
      words: orderInWords(order, classNames),
      remaining: compareAnswers(reordered(actual, order), expected, columns).largest,
    };
  }
  let best: Explanation | undefined;
  for (const { id, words, treatment: varied } of faultVariations(treatment, outputs)) {
    const answers = await tryAnswer(model, varied);
    if (!answers) continue;
    const remaining = compareAnswers(answers, expected, columns).largest;
    if (!best || remaining < best.remaining) best = { fault: id, words, remaining };
  }
  return best && best.remaining <= Math.max(tolerance, before * MOST) ? best : undefined;
}

/** A treatment that the model cannot bear explains nothing: another output's shape, or numbers beyond its range. */
async function tryAnswer(
  model: Answering,
  treatment: Treatment,
): Promise<Float32Array | undefined> {
  try {
    return await model.answer(treatment);
  } catch (error) {
    if (isDlcmpError(error)) return undefined;
    throw error;
  }
}

/** Column `order[c]` of `answers` at place `c`. */
function reordered(answers: Float32Array, order: readonly number[]): Float32Array {
  const columns = order.length;
  return answers.map((_, at) => {
    const column = at % columns;
    return answers[at - column + (order[column] as number)] as number;
  });
}

function orderInWords(order: readonly number[], names: readonly string[]): string {
  const moved = order.flatMap((from, to) =>
    from === to ? [] : [`"${names[to]}" for ${names[from]}`],
  );
  return `the names of classes stood in another order: ${moved.slice(0, 4).join(', ')}${moved.length > 4 ? ' …' : ''}`;
}
