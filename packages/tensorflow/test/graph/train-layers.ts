import { createRequire } from 'node:module';
import { expect, jest } from '@jest/globals';
import type * as TensorFlowJs from '@tensorflow/tfjs';
import { traceOnCpu } from '../../src/graph/traced-training';
import { registerTensorFlow } from '../../src/index';
import { currentNodeBackend } from '../../src/node-backend';
import type { TensorFlow } from '../../src/tensorflow-js';
import { randomValues } from '../random-values';
import { relativeError } from '../relative-error';

export type Model = TensorFlowJs.LayersModel;
type Layer = TensorFlowJs.layers.Layer;
export type FitOptions = TensorFlowJs.ModelFitArgs;

/** One copy for models and backend. */
export const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof TensorFlowJs;
export const core = tf as unknown as TensorFlow;
registerTensorFlow(core);

const [COUNT, SIDE, CLASSES, BATCH] = [10, 6, 3, 4];

/** Noise, of classes in turns. */
export function images() {
  const pixels = Float32Array.from(randomValues(COUNT * SIDE * SIDE * 2, 1));
  const classes = Int32Array.from({ length: COUNT }, (_, image) => image % CLASSES);
  const x = tf.tensor4d(pixels, [COUNT, SIDE, SIDE, 2]);
  const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), CLASSES), 'float32'));
  return { x, y };
}

/** What is unlike the default. */
export interface ModelOptions {
  readonly optimizer?: TensorFlowJs.Optimizer;
  /** Between the convolution and the output. */
  readonly layers?: () => Layer[];
  readonly metrics?: string[];
  readonly loss?: TensorFlowJs.ModelCompileArgs['loss'];
}

/** A small network, always of the same weights. */
export function createModel({
  optimizer = tf.train.adam(0.01),
  layers = () => [],
  metrics = [],
  loss = 'categoricalCrossentropy',
}: ModelOptions = {}): Model {
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: 1 });
  const model = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [SIDE, SIDE, 2] }),
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: kernelInitializer(),
        kernelRegularizer: 'l1l2',
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      ...layers(),
      tf.layers.dense({
        units: CLASSES,
        activation: 'softmax',
        kernelInitializer: kernelInitializer(),
      }),
    ],
  });
  model.compile({ optimizer, loss, metrics });
  return model;
}

/** What can be seen of a training: losses and metrics of each epoch and batch, weights, and how many tensors it left. */
export interface Outcome {
  readonly history: Record<string, number[]>;
  readonly weights: number[][];
  readonly tensors: number;
}

/** Values of tensors that stay. */
export const valuesOf = (tensors: readonly TensorFlowJs.Tensor[]) =>
  tensors.map((tensor) => [...(tensor.dataSync() as Float32Array)]);

/** Trains a new model by `fit`, with a smaller last batch. */
export async function train(
  create: () => Model,
  options: FitOptions | ((model: Model) => FitOptions) = {},
): Promise<Outcome> {
  const { x, y } = images();
  const model = create();
  const before = tf.memory().numTensors;
  const { history } = await model.fit(x, y, {
    ...{ epochs: 4, batchSize: BATCH, shuffle: false, verbose: 0 },
    ...(typeof options === 'function' ? options(model) : options),
  });
  const tensors = tf.memory().numTensors - before;
  const weights = valuesOf(model.getWeights());
  model.dispose();
  tf.dispose([x, y]);
  return { history: history as Record<string, number[]>, weights, tensors };
}

/** The same, op by op. */
export async function trainEagerly(...given: Parameters<typeof train>): Promise<Outcome> {
  traceOnCpu(core, false);
  try {
    return await train(...given);
  } finally {
    traceOnCpu(core, true);
  }
}

/** Up to rounding. */
export function expectSame(actual: Outcome, expected: Outcome): void {
  expect(Object.keys(actual.history)).toEqual(Object.keys(expected.history));
  for (const [name, values] of Object.entries(expected.history)) {
    expect(relativeError(actual.history[name] ?? [], values)).toBeLessThan(1e-4);
  }
  expected.weights.forEach((values, index) => {
    expect(relativeError(actual.weights[index] ?? [], values)).toBeLessThan(1e-3);
  });
  expect(actual.tensors).toBe(expected.tensors);
}

/** How many operations `compute` runs by themselves. */
export async function opsOf(compute: () => Promise<unknown>): Promise<number> {
  const binding = currentNodeBackend(core)?.binding;
  const executed = jest.spyOn(binding as NonNullable<typeof binding>, 'executeOp');
  await compute();
  const count = executed.mock.calls.length;
  executed.mockRestore();
  return count;
}

/** How many a step on the images runs by themselves, after some steps before. */
export async function opsOfStep(model: Model, steps = 3): Promise<number> {
  const { x, y } = images();
  for (let step = 0; step < steps; step++) await model.trainOnBatch(x, y);
  const count = await opsOf(() => model.trainOnBatch(x, y));
  tf.dispose([x, y]);
  return count;
}
