import type { Tensor } from '@tensorflow/tfjs-core';
import { TF_FLOAT, TF_UINT8 } from '../binding/data-types';
import { lend } from '../kernels/variables';
import type { TensorFlowEngine } from '../start-engine';
import type { TensorFlow } from '../tensorflow-js';
import { FunctionOutput } from './function-output';
import { type FunctionInputs, FunctionTrace } from './function-trace';
import { withGraphBackend } from './graph-backend';
import { GraphBinding } from './graph-binding';
import { createStepFeed } from './step-feed';
import { makeStepFunction } from './step-function';

/** In the order, and of the types and shapes, of the function's inputs. */
export interface FunctionArguments {
  readonly arrays: readonly (Uint8Array | Float32Array)[];
  readonly tensors?: readonly Tensor[];
  /**
   * TensorFlow keeps their data as variables from the first call on: who asks a tensor for its data gets it as it is then.
   */
  readonly variables?: readonly Tensor[];
}

/** A function of TensorFlow's: all that it computes runs without a word from JavaScript. */
export interface CompiledFunction {
  /** Calls that may be under way; whoever has made as many waits for their outputs before the next. */
  readonly slots: number;
  /**
   * Starts a call, and returns before it is done where the engine is asynchronous.
   *
   * @param slot below {@link slots}, another one than those of the calls that are under way
   * @returns the outputs, which the caller reads or disposes
   */
  call(slot: number, given: FunctionArguments): FunctionOutput[];
  /** Frees the function; variables stay as they are. */
  dispose(): void;
}

/**
 * Makes one function of TensorFlow's out of what `compute` does by TensorFlow.js's own operations. They are written down, not
 * run: a tensor inside of `compute` has no values, and tensors of outside can't be used there unless they are inputs.
 *
 * @param compute returns the outputs: float32 tensors
 */
export function compileFunction(
  tf: TensorFlow,
  engine: TensorFlowEngine,
  inputs: FunctionInputs,
  compute: (trace: FunctionTrace) => readonly Tensor[],
): CompiledFunction {
  const { backend } = engine;
  const { eager } = backend.binding;
  const { c } = eager.library;
  const run = writeFunction(tf, engine, inputs, compute);
  const arrays = inputs.arrays.map(({ type, shape }) => ({
    type: type === 'uint8' ? TF_UINT8 : TF_FLOAT,
    shape,
    bytes: elements(shape) * (type === 'uint8' ? 1 : Float32Array.BYTES_PER_ELEMENT),
  }));
  const feed = createStepFeed(
    eager,
    arrays.map(({ bytes }) => bytes),
  );
  return {
    slots: feed.slots,
    call(slot, { arrays: values, tensors = [], variables = [] }) {
      const fed = feed.feed(
        slot,
        arrays.map((array, index) => ({ ...array, values: values[index] as Uint8Array })),
      );
      const ids = backend.getInputTensorIds(tensors);
      const lent = variables.map((variable) => lend(backend, variable).handle);
      const held = [...ids, ...lent].map((id) => backend.binding.handleOf(id));
      try {
        const outputs = run.run([...fed, ...held]);
        return outputs.map((handle) => new FunctionOutput(eager.library, handle));
      } finally {
        for (const handle of fed) c.TFE_DeleteTensorHandle(handle);
      }
    },
    dispose() {
      run.dispose();
      feed.dispose();
    },
  };
}

function writeFunction(
  tf: TensorFlow,
  { name, backend, kernels }: TensorFlowEngine,
  inputs: FunctionInputs,
  compute: (trace: FunctionTrace) => readonly Tensor[],
) {
  const { eager } = backend.binding;
  const graph = new GraphBinding({ library: eager.library, isGpu: kernels === 'GPU' });
  return withGraphBackend(tf, name, graph, (graphBackend) => {
    const trace = new FunctionTrace(graphBackend, graph, inputs);
    const outputs = trace.ids(compute(trace));
    return makeStepFunction(eager, graph, {
      inputs: trace.inputs,
      outputs,
      effects: graph.effects,
    });
  });
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
