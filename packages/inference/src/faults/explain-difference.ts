import { isDlcmpError } from '@dlcmp/contract';
import { compareAnswers } from '../answers/compare-answers';
import type { Treatment } from '../answers/treatment';
import { explainByAnswers } from './answer-faults';
import type { FaultId } from './fault-id';
import { type FaultVariation, faultVariations } from './fault-variations';

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
  /** Probabilities of the first `count` images in question, row-major [count × classes]. */
  answer(treatment: Treatment, count: number): Promise<Float32Array>;
}

/** A fault that leaves this share of the difference explains most of it, where rounding or decoding does the rest. */
const MOST = 0.1;

/** Images that all faults are tried on; what these leave over is tried on all images. */
const FIRST_IMAGES = 4;

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
  const { classNames } = model.treatment.model;
  const columns = classNames.length;
  const count = expected.length / columns;
  const actual = await model.answer(model.treatment, count);
  const before = compareAnswers(actual, expected, columns).largest;
  if (before <= tolerance) return undefined;
  const ofAnswers = explainByAnswers(actual, expected, classNames, tolerance);
  if (ofAnswers) return ofAnswers;
  // Next to answers that hardly differ from class to class, others that hardly do explain nothing.
  const limit = Math.min(Math.max(tolerance, before * MOST), MOST * rangeOf(expected, columns));
  const few = Math.min(FIRST_IMAGES, count);
  const variations = faultVariations(model.treatment, model.outputs);
  const possible = await tryAll(model, variations, expected.subarray(0, few * columns), limit);
  const found = few === count ? possible : await tryAll(model, possible.map(take), expected, limit);
  const [best] = found.sort((left, right) => left.remaining - right.remaining);
  return (
    best && { fault: best.variation.id, words: best.variation.words, remaining: best.remaining }
  );
}

interface Tried {
  readonly variation: FaultVariation;
  readonly remaining: number;
}

const take = ({ variation }: Tried) => variation;

/** Those variations with which the model answers what is `expected`, but for `limit`. */
async function tryAll(
  model: Answering,
  variations: readonly FaultVariation[],
  expected: Float32Array,
  limit: number,
): Promise<Tried[]> {
  const columns = model.treatment.model.classNames.length;
  const tried: Tried[] = [];
  for (const variation of variations) {
    const answers = await tryAnswer(model, variation.treatment, expected.length / columns);
    if (!answers) continue;
    const remaining = compareAnswers(answers, expected, columns).largest;
    if (remaining <= limit) tried.push({ variation, remaining });
  }
  return tried;
}

/** Largest difference between two classes of an image. */
function rangeOf(rows: Float32Array, columns: number): number {
  let largest = 0;
  for (let start = 0; start < rows.length; start += columns) {
    const row = rows.subarray(start, start + columns);
    largest = Math.max(
      largest,
      row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY) -
        row.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    );
  }
  return largest;
}

/** A treatment that the model cannot bear explains nothing: another output's shape, or numbers beyond its range. */
async function tryAnswer(
  model: Answering,
  treatment: Treatment,
  count: number,
): Promise<Float32Array | undefined> {
  try {
    return await model.answer(treatment, count);
  } catch (error) {
    if (isDlcmpError(error)) return undefined;
    throw error;
  }
}
