import { DlcmpError, type TrialOutput } from '@dlcmp/contract';

/**
 * An output as a row an image.
 *
 * @throws `INVALID_FILE` where it is none
 */
export function asRows(
  data: Float32Array,
  shape: readonly number[],
  count: number,
  output: string,
): TrialOutput {
  // A head of one column may have lost its axis.
  const [rows, columns = shape.length === 1 ? 1 : 0, ...rest] = shape;
  if (rows === count && columns > 0 && rest.every((length) => length === 1))
    return { data, columns };
  throw new DlcmpError(
    'INVALID_FILE',
    `The model is no classifier: "${output}" is [${shape.join(', ')}] for a batch of ${count}, but one row of numbers an image is needed. Export the classifier with its last layer, or name another output.`,
  );
}
