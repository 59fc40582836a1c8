import { compareAnswers } from '../answers/compare-answers';
import { findClassOrder } from './class-order';
import type { Explanation } from './explain-difference';

/** Faults behind the model: `expected` follows from its probabilities, and the model need not be asked again. */
export function explainByAnswers(
  actual: Float32Array,
  expected: Float32Array,
  names: readonly string[],
  tolerance: number,
): Explanation | undefined {
  const columns = names.length;
  for (const [words, left, right] of otherForms(actual, expected, columns)) {
    const remaining = compareAnswers(left, right, columns).largest;
    if (remaining <= tolerance) return { fault: 'other-activation', words, remaining };
  }
  const order = findClassOrder(actual, expected, columns, tolerance);
  if (!order) return undefined;
  const { largest: remaining } = compareAnswers(reordered(actual, order), expected, columns);
  const isMoved = (column: number) =>
    rowsOf(actual, columns).some(
      (start) =>
        Math.abs((actual[start + column] as number) - (expected[start + column] as number)) >
        tolerance,
    );
  return { fault: 'class-names-shuffled', words: orderInWords(order, names, isMoved), remaining };
}

type Form = readonly [words: string, left: Float32Array, right: Float32Array];

/** The same answers, written otherwise. */
function otherForms(actual: Float32Array, expected: Float32Array, columns: number): Form[] {
  return [
    [
      'logarithms of probabilities were given (log-softmax)',
      actual,
      // Probabilities have one sign, their logarithms the other.
      expected.map((value) => (value <= 0 ? Math.exp(value) : Number.NaN)),
    ],
    ...(expected.every((value) => value === 0 || value === 1)
      ? [
          [
            'the most probable class alone was given, as 1',
            oneHot(actual, columns),
            expected,
          ] as const,
        ]
      : []),
    ['probabilities were given in percent', actual, expected.map((value) => value / 100)],
  ];
}

function rowsOf(rows: Float32Array, columns: number): number[] {
  return Array.from({ length: rows.length / columns }, (_, row) => row * columns);
}

/** 1 for the most probable class of each row, else 0. */
function oneHot(rows: Float32Array, columns: number): Float32Array {
  const result = new Float32Array(rows.length);
  for (const start of rowsOf(rows, columns)) {
    const row = rows.subarray(start, start + columns);
    result[start + row.indexOf(row.reduce((most, value) => Math.max(most, value)))] = 1;
  }
  return result;
}

/** Column `order[c]` of `answers` at place `c`. */
function reordered(answers: Float32Array, order: readonly number[]): Float32Array {
  const columns = order.length;
  return answers.map((_, at) => {
    const column = at % columns;
    return answers[at - column + (order[column] as number)] as number;
  });
}

/** Classes that are hardly ever probable may have moved, and nobody could tell. */
function orderInWords(
  order: readonly number[],
  names: readonly string[],
  isMoved: (column: number) => boolean,
): string {
  const moved = order.flatMap((from, to) =>
    from === to || !isMoved(to) ? [] : [`"${names[to]}" for ${names[from]}`],
  );
  return `the names of classes stood in another order: ${moved.slice(0, 4).join(', ')}${moved.length > 4 ? ' …' : ''}`;
}
