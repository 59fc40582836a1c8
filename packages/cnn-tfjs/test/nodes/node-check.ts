import { elementCount } from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import { randomValues } from '../../../tensorflow/test/random-values';
import { relativeError } from '../../../tensorflow/test/relative-error';
import type { TensorFlowRuntime } from '../../src/engines/runtime';
import type { NamedTensors, Operation } from '../../src/network/operation';
import { openRuntime } from '../open-runtime';

/** An operation written plainly, in float64: output values from input values and weights by name. */
export type ReferenceOperation = (values: Readonly<Record<string, Float64Array>>) => Float64Array;

export interface OperationCheck {
  readonly operation: Operation;
  /** Shape of the input, with the batch. */
  readonly inputShape: readonly number[];
  readonly weightShapes?: Readonly<Record<string, readonly number[]>>;
  /** Takes the weights by name and the input as `input`. */
  readonly reference: ReferenceOperation;
  /** Of a dropout node called `node`. */
  readonly mask?: Uint8Array;
  readonly threads?: number;
}

const STEP = 1e-5;

/** A relative error that float32 arithmetic explains. */
export const ROUNDING = 1e-5;

/**
 * Runs `operation` forward and backward on random numbers, and compares with the reference and with
 * central differences of it: relative errors by what they are of.
 */
export async function operationErrors(check: OperationCheck): Promise<Record<string, number>> {
  const shapes = { input: check.inputShape, ...check.weightShapes };
  const values = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], seed) => [
      name,
      randomValues(elementCount(shape), seed),
    ]),
  );
  const expected = check.reference(values);
  const upstream = randomValues(expected.length, 99);
  const actual = await runOperation(check, shapes, values, upstream);
  const errors: Record<string, number> = { output: relativeError(actual.output ?? [], expected) };
  for (const [name, tensor] of Object.entries(values)) {
    const slopes = centralDifferences(tensor, () => dot(check.reference(values), upstream));
    errors[name] = relativeError(actual[name] ?? [], slopes);
  }
  return errors;
}

/** The operation's output, and the gradient of its input and weights, by name. */
async function runOperation(
  { operation, mask, threads = 1 }: OperationCheck,
  shapes: Record<string, readonly number[]>,
  values: Record<string, Float64Array>,
  upstream: Float64Array,
): Promise<Record<string, ArrayLike<number>>> {
  const runtime = await openRuntime(threads);
  const { tf } = runtime;
  const before = tf.memory().numTensors;
  const results = runtime.run(() => {
    tf.engine().startScope();
    const { input, ...weights } = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        tf.tensor(Float32Array.from(values[name] ?? []), [...shape]),
      ]),
    );
    if (!input) throw new Error('There is no input.');
    const context = mask ? { tf, weights, masks: { node: mask } } : { tf, weights };
    const { output, backward } = operation([input], context);
    const gradients = backward(tf.tensor(Float32Array.from(upstream), output.shape));
    const inputGradient = gradients.inputs[0]?.() as Tensor;
    const tensors: NamedTensors = { ...gradients.weights, input: inputGradient, output };
    const data = Object.entries(tensors).map(([name, tensor]) => [name, tensor.dataSync()]);
    tf.engine().endScope();
    return Object.fromEntries(data) as Record<string, ArrayLike<number>>;
  });
  assertNothingLeft(runtime, before);
  await runtime.close();
  return results;
}

function assertNothingLeft({ tf }: TensorFlowRuntime, before: number): void {
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`The operation left ${left} tensors.`);
}

/** d loss / d values, by moving each value up and down. */
function centralDifferences(values: Float64Array, loss: () => number): Float64Array {
  return values.map((value, index) => {
    values[index] = value + STEP;
    const above = loss();
    values[index] = value - STEP;
    const below = loss();
    values[index] = value;
    return (above - below) / (2 * STEP);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}
