import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlowEngine } from '../start-engine';
import type { TensorFlow } from '../tensorflow-js';
import { withGraphBackend } from './graph-backend';
import { makeStepFunction, type StepFunction } from './step-function';
import { StepWriter, type TracedStep, type WrittenStep } from './step-writer';
import { TrainingGraph } from './training-graph';

/**
 * Inputs: the batch's tensors, the optimiser's constants, the learning rate where it takes it, and the variables' handles.
 * Outputs: loss and metrics.
 */
export interface TrainingFunction {
  readonly run: StepFunction;
  readonly takesRate: boolean;
}

/** Stand for the learning rate while a step is traced; exact as float32, and no number that anybody else would write. */
const RATES = [0.7310585975646973, 0.2689414322376251] as const;

/**
 * Makes one function of a whole training step by way of TensorFlow.js's own code, twice: what differs from one time
 * to the other, like a number drawn in JavaScript, may differ with each step.
 *
 * @throws where a step cannot be told before it runs, or isn't always the same; nothing has changed then
 */
export function traceTraining(
  tf: TensorFlow,
  engine: Pick<TensorFlowEngine, 'name' | 'backend'>,
  step: TracedStep,
): TrainingFunction {
  const [first, second] = RATES.map((rate) => writeStep(tf, engine, step, rate));
  if (!first || !second) throw new Error('There is no step.');
  const isSteady = first.graph.fingerprint() === second.graph.fingerprint();
  first.graph.close();
  if (!isSteady) {
    second.graph.close();
    throw new Error('The training step is another one each time.');
  }
  const { eager } = engine.backend.binding;
  const { graph, inputs, outputs } = second;
  const run = makeStepFunction(eager, graph, { inputs, outputs, effects: graph.effects });
  return { run, takesRate: graph.rateInput !== undefined };
}

function writeStep(
  tf: TensorFlow,
  { name, backend }: Pick<TensorFlowEngine, 'name' | 'backend'>,
  step: TracedStep,
  rate: number,
): WrittenStep {
  const graph = new TrainingGraph(backend.binding.eager, rate);
  const restoreCounts = keepCounts(tf);
  const restoreOptimizer = keepProperties(step.optimizer);
  const { variables } = step.state;
  const values = variables.map((variable) => tf.clone(variable));
  try {
    return withGraphBackend(tf, name, graph, (graphBackend) =>
      new StepWriter(backend, graphBackend, graph).write(step, rate),
    );
  } catch (error) {
    graph.close();
    throw error;
  } finally {
    variables.forEach((variable, index) => {
      variable.assign(values[index] as Tensor);
    });
    for (const value of values) value.dispose();
    restoreOptimizer();
    restoreCounts();
  }
}

/** What TensorFlow.js counts of its tensors: those of a graph are gone with it. */
function keepCounts(tf: TensorFlow): () => void {
  const { state } = tf.engine();
  const { numTensors, numBytes, numDataBuffers, numStringTensors } = state;
  return () => Object.assign(state, { numTensors, numBytes, numDataBuffers, numStringTensors });
}

function keepProperties(object: object): () => void {
  const before = Object.getOwnPropertyDescriptors(object);
  return () => {
    for (const name of Object.keys(object)) {
      if (!(name in before)) Reflect.deleteProperty(object, name);
    }
    Object.defineProperties(object, before);
  };
}
