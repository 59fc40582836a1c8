import { assertArgument, DlcmpError } from '../errors';
import type { Activation, ImageModel } from './image-model';

/**
 * The probabilities of classes that a model's output stands for: row-major [rows × classes].
 *
 * @param output row-major [rows × columns]
 * @throws `DIVERGED` where a value is not finite
 */
export function readAnswers(
  output: Float32Array,
  columns: number,
  { activation, classNames }: Pick<ImageModel, 'activation' | 'classNames'>,
): Float32Array {
  assertFiniteOutput(output);
  const answers = activate(output, columns, activation);
  if (columns !== 1 || classNames.length === 1) return answers;
  // One column with two names is the second's probability.
  return Float32Array.from({ length: answers.length * 2 }, (_, at) => {
    const probability = answers[at >> 1] as number;
    return at % 2 === 1 ? probability : 1 - probability;
  });
}

/** Beyond 0 and 1: what float16 rounds. */
const ROUNDING = 1e-2;

/**
 * That a model whose output is taken as it is answers probabilities, for every image.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function assertProbabilities(
  answers: Float32Array,
  { activation }: Pick<ImageModel, 'activation'>,
): void {
  if (activation !== 'none') return;
  const outside = answers.find((value) => value < -ROUNDING || value > 1 + ROUNDING);
  assertArgument(
    outside === undefined,
    `The model answers ${outside} for an image, which is no probability: give activation softmax, or sigmoid, where its output holds scores.`,
  );
}

/** A copy of `rows` after `activation`. */
export function activate(
  rows: Float32Array,
  columns: number,
  activation: Activation,
): Float32Array {
  if (activation === 'none') return rows.slice();
  if (activation === 'sigmoid') return rows.map((score) => 1 / (1 + Math.exp(-score)));
  const result = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += columns) {
    result.set(softmax(rows.subarray(start, start + columns)), start);
  }
  return result;
}

/** The largest score is taken away first, so that nothing overflows. */
function softmax(scores: Float32Array): Float64Array {
  const largest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const powers = Float64Array.from(scores, (score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Throws `DIVERGED` where a value that a model put out is not finite. */
export function assertFiniteOutput(output: Float32Array): void {
  const wrong = output.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new DlcmpError(
    'DIVERGED',
    `The model puts out ${wrong} in place of a number: its weights are broken, or its numbers too small for these images (float16 ends at 65504). Check the normalisation, or export the model in float32.`,
  );
}
