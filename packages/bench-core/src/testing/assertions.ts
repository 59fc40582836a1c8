import assert from 'node:assert/strict';
import type { Weights, WeightTensor } from '@dlcmp/contract';
import { type DlcmpErrorCode, isDlcmpError } from '@dlcmp/contract';

/** Throws unless `attempt` fails with a dlcmp error of one of `codes`. */
export async function assertRejects(
  attempt: () => Promise<unknown>,
  codes: DlcmpErrorCode | readonly DlcmpErrorCode[],
  what: string,
): Promise<void> {
  const allowed = [codes].flat();
  const failure = await attempt().then(
    () => assert.fail(`${what} must fail with ${allowed.join(' or ')}, but succeeded.`),
    (error: unknown) => error,
  );
  assert(
    allowed.some((code) => isDlcmpError(failure, code)),
    `${what} must fail with ${allowed.join(' or ')}, but failed with ${String(failure)}`,
  );
}

/** Largest absolute difference between two arrays of one length; NaN where a value is. */
export function largestDifference(actual: Float32Array, expected: Float32Array): number {
  assert.equal(actual.length, expected.length, 'Two answers that should match differ in length.');
  return expected.reduce(
    (largest, value, at) => Math.max(largest, Math.abs((actual[at] as number) - value)),
    0,
  );
}

/** Throws unless no value of `actual` is further than `tolerance` from `expected`. */
export function assertClose(
  actual: Float32Array,
  expected: Float32Array,
  tolerance: number,
  what: string,
): void {
  const difference = largestDifference(actual, expected);
  assert(difference <= tolerance, `${what}: values differ by ${difference}, beyond ${tolerance}.`);
}

/** Throws unless the two scalars agree within `tolerance` of the expected one. */
export function assertRelativelyClose(
  actual: number,
  expected: number,
  tolerance: number,
  what: string,
): void {
  assert(
    Math.abs(actual - expected) <= tolerance * Math.abs(expected),
    `${what}: ${actual} differs from ${expected} by more than ${tolerance} of it.`,
  );
}

/** Norm of the difference over the norm of `expected`, or itself where that is zero. */
export function relativeDifference(actual: WeightTensor, expected: WeightTensor): number {
  assert.deepEqual(actual.shape, expected.shape, 'Two tensors that should match differ in shape.');
  const difference = expected.data.map((value, at) => (actual.data[at] as number) - value);
  return Math.hypot(...difference) / (Math.hypot(...expected.data) || 1);
}

/** Throws unless every tensor is within `tolerance` by {@link relativeDifference}. */
export function assertWeightsClose(
  actual: Weights,
  expected: Weights,
  tolerance: number,
  what: string,
): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), `${what}: names`);
  for (const [name, tensor] of Object.entries(expected)) {
    const difference = relativeDifference(actual[name] as WeightTensor, tensor);
    assert(
      difference <= tolerance,
      `${what}: ${name} is off by ${difference} of its norm, beyond ${tolerance}.`,
    );
  }
}

/** Throws unless `actual` holds the very numbers of `expected`. */
export function assertWeightsEqual(actual: Weights, expected: Weights, what: string): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), `${what}: names`);
  for (const [name, { data }] of Object.entries(expected)) {
    const found = actual[name] as WeightTensor;
    assert.equal(largestDifference(found.data, data), 0, `${what}: ${name} differs.`);
  }
}
