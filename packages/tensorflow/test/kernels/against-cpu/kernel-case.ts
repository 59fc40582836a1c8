import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../src/tensorflow-js';

/** Something that a backend computes, from tensors that it makes itself. */
export interface KernelCase {
  readonly name: string;
  readonly compute: (
    tf: TensorFlow,
  ) => Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;
}

/** What came of it, in a form that can be compared. */
export type Outcome =
  | { readonly error: string }
  | {
      readonly tensors: readonly { dtype: string; shape: number[]; values: (number | string)[] }[];
    };

/** Computes a case on the current backend, and checks that nothing but the result remains. */
export function outcomeOf(tf: TensorFlow, { compute }: KernelCase): Outcome {
  try {
    return tf.tidy(() => {
      const result = compute(tf);
      const tensors =
        result instanceof tf.Tensor
          ? [result]
          : Object.values(result as Readonly<Record<string, Tensor>>);
      return {
        tensors: tensors.map((tensor) => ({
          dtype: tensor.dtype,
          shape: tensor.shape,
          values: Array.from(tensor.dataSync<'float32' | 'string'>() as ArrayLike<number | string>),
        })),
      };
    }) as Outcome;
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** What `actual` has other than `expected`, in one line; undefined where they agree. */
export function difference(expected: Outcome, actual: Outcome): string | undefined {
  if ('error' in expected) return undefined;
  if ('error' in actual) return `throws: ${actual.error.split('\n')[0]}`;
  if (expected.tensors.length !== actual.tensors.length) return 'another number of tensors';
  for (const [index, { dtype, shape, values }] of expected.tensors.entries()) {
    const got = actual.tensors[index]!;
    if (dtype !== got.dtype) return `is ${got.dtype}, not ${dtype}`;
    if (`${shape}` !== `${got.shape}`) return `has shape [${got.shape}], not [${shape}]`;
    // The backend `cpu` keeps what logical values come to, as 2 for true + true.
    const wanted = dtype === 'bool' ? values.map((value) => Number(value !== 0)) : values;
    const at = wanted.findIndex((value, place) => !isClose(value, got.values[place]!));
    if (at !== -1) return `[${at}] is ${got.values[at]}, not ${wanted[at]}`;
  }
  return undefined;
}

/** Rounding in float32 of sums of a few terms. */
const TOLERANCE = 1e-4;

function isClose(expected: number | string, actual: number | string): boolean {
  if (typeof expected === 'string' || typeof actual === 'string') return expected === actual;
  if (Object.is(expected, actual) || expected === actual) return true;
  return Math.abs(expected - actual) <= TOLERANCE * Math.max(1, Math.abs(expected));
}
