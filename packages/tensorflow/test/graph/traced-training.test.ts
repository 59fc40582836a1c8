import { afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import type * as TensorFlowJs from '@tensorflow/tfjs';
import { GraphBinding } from '../../src/graph/graph-binding';
import { traceOnCpu } from '../../src/graph/traced-training';
import { currentNodeBackend, type NodeBackend } from '../../src/node-backend';
import { describeOnTensorFlow } from '../native-tensorflow';
import { relativeError } from '../relative-error';
import {
  core,
  createModel,
  expectSame,
  type FitOptions,
  images,
  type Model,
  opsOf,
  opsOfStep,
  tf,
  train,
  trainEagerly,
  valuesOf,
} from './train-layers';

class Twice extends tf.layers.Layer {
  static readonly className = 'Twice';

  override call(inputs: TensorFlowJs.Tensor | TensorFlowJs.Tensor[]) {
    return tf.mul(Array.isArray(inputs) ? (inputs[0] as TensorFlowJs.Tensor) : inputs, 2);
  }
}

describeOnTensorFlow('training of tf.layers as one function a step', () => {
  beforeAll(async () => {
    await tf.setBackend('tensorflow');
    await tf.ready();
  });
  beforeEach(() => traceOnCpu(core, true));
  afterEach(() => {
    traceOnCpu(core, false);
    jest.restoreAllMocks();
  });

  it.each<[string, () => TensorFlowJs.Optimizer]>([
    ['Adam', () => tf.train.adam(0.01)],
    ['Adamax', () => tf.train.adamax(0.01)],
    ['Adagrad', () => tf.train.adagrad(0.01)],
    ['Adadelta', () => tf.train.adadelta(0.1)],
    ['SGD', () => tf.train.sgd(0.05)],
    ['momentum', () => tf.train.momentum(0.05, 0.9)],
    ['RMSProp', () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7, true)],
  ])('trains as the ops one by one do, by %s', async (_, optimizer) => {
    const create = () => createModel({ optimizer: optimizer(), metrics: ['accuracy', 'mse'] });
    expectSame(await train(create), await trainEagerly(create));
    expect(await opsOfStep(create())).toBe(0);
  });

  it("trains with a GPU's kernels", async () => {
    const create = () => createModel();
    const expected = await trainEagerly(create);
    const { binding } = currentNodeBackend(core) as NodeBackend;
    jest.spyOn(binding, 'isUsingGpuDevice').mockReturnValue(true);
    jest.spyOn(GraphBinding.prototype, 'isUsingGpuDevice').mockReturnValue(true);
    traceOnCpu(core, false);
    expectSame(await train(create), expected);
    expect(await opsOfStep(create())).toBe(0);
  });

  it('updates moving averages', async () => {
    const layers = () => [tf.layers.batchNormalization(), tf.layers.leakyReLU()];
    const create = () => createModel({ layers });
    expectSame(await train(create), await trainEagerly(create));
    expect(await opsOfStep(create())).toBe(0);
  });

  it.each<[string, () => TensorFlowJs.Optimizer]>([
    ['Adam', () => tf.train.adam(0.01)],
    ['RMSProp', () => tf.train.rmsprop(0.01)],
  ])("takes %s's learning rate as it is at each step", async (_, optimizer) => {
    const create = () => createModel({ optimizer: optimizer() });
    const setRate = (model: Model, rate: number) =>
      Object.assign(model.optimizer, { learningRate: rate });
    const schedule = (model: Model): FitOptions => ({
      callbacks: {
        onBatchEnd: async (batch) => {
          setRate(model, 0.01 / (batch + 1));
        },
      },
    });
    expectSame(await train(create, schedule), await trainEagerly(create, schedule));
    const model = create();
    await opsOfStep(model);
    setRate(model, 0.123);
    expect(await opsOfStep(model, 0)).toBe(0);
  });

  it("takes SGD's learning rate as it is at each step", async () => {
    const create = () => createModel({ optimizer: tf.train.sgd(0.05) });
    const schedule = (model: Model): FitOptions => ({
      callbacks: {
        onBatchEnd: async (batch) => {
          (model.optimizer as TensorFlowJs.SGDOptimizer).setLearningRate(0.05 / (batch + 1));
        },
      },
    });
    expectSame(await train(create, schedule), await trainEagerly(create, schedule));
  });

  it('shows the weights between batches, and takes those that are set', async () => {
    const seen: Record<string, number[][]> = { traced: [], eager: [] };
    const callbacks = (kind: string) => (model: Model) => ({
      callbacks: {
        onBatchEnd: async (batch: number) => {
          const [kernel] = model.getWeights();
          seen[kind]?.push(...valuesOf([kernel as TensorFlowJs.Tensor]));
          if (batch !== 1) return;
          const halved = model.getWeights().map((weight) => tf.mul(weight, 0.5));
          model.setWeights(halved);
          tf.dispose(halved);
        },
      },
    });
    const create = () => createModel();
    expectSame(
      await train(create, callbacks('traced')),
      await trainEagerly(create, callbacks('eager')),
    );
    seen.eager?.forEach((values, step) => {
      expect(relativeError(seen.traced?.[step] ?? [], values)).toBeLessThan(1e-3);
    });
  });

  it('leaves copies of weights as they are', async () => {
    const { x, y } = images();
    const model = createModel();
    for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
    const copies = model.getWeights().map((weight) => weight.clone());
    const before = valuesOf(copies);
    await model.trainOnBatch(x, y);
    expect(valuesOf(copies)).toEqual(before);
    expect(valuesOf(model.getWeights())).not.toEqual(before);
    tf.dispose([x, y, copies]);
    model.dispose();
  });

  it('is validated between epochs', async () => {
    const create = () => createModel({ metrics: ['accuracy'] });
    const validated = { validationSplit: 0.4 };
    expectSame(await train(create, validated), await trainEagerly(create, validated));
  });

  it('weighs classes', async () => {
    const weighted = { classWeight: { 0: 1, 1: 2, 2: 3 } };
    const create = () => createModel();
    expectSame(await train(create, weighted), await trainEagerly(create, weighted));
  });

  it('trains two models in turns, each with its own weights', async () => {
    const { x, y } = images();
    const lossesOf = async (models: readonly Model[]) => {
      const losses: number[] = [];
      for (let step = 0; step < 4; step++) {
        for (const model of models) losses.push((await model.trainOnBatch(x, y)) as number);
      }
      return losses;
    };
    const create = () => [createModel(), createModel({ optimizer: tf.train.sgd(0.1) })];
    const actual = await lossesOf(create());
    traceOnCpu(core, false);
    expect(relativeError(actual, await lossesOf(create()))).toBeLessThan(1e-4);
    tf.dispose([x, y]);
  });

  it('trains a model of models with two outputs from a dataset', async () => {
    const losses = async () => {
      const { x, y } = images();
      const input = tf.input({ shape: [x.shape[1], x.shape[2], 2] });
      const features = createModel().apply(input) as TensorFlowJs.SymbolicTensor;
      const outputs = ['one', 'other'].map((name, seed) => {
        const kernelInitializer = tf.initializers.glorotUniform({ seed });
        return tf.layers.dense({ name, units: 3, kernelInitializer }).apply(features);
      }) as TensorFlowJs.SymbolicTensor[];
      const model = tf.model({ inputs: input, outputs });
      const loss = { one: 'meanSquaredError', other: 'meanAbsoluteError' };
      model.compile({ optimizer: tf.train.adam(0.01), loss, metrics: { one: 'mae' } });
      const batches = Array.from({ length: 3 }, () => ({ xs: x, ys: { one: y, other: y } }));
      const { history } = await model.fitDataset(
        tf.data.array(batches).map(({ xs, ys }) => ({
          xs: xs.clone(),
          ys: { one: ys.one.clone(), other: ys.other.clone() },
        })) as TensorFlowJs.data.Dataset<never>,
        { epochs: 3, verbose: 0 },
      );
      const ops = await opsOf(() => model.trainOnBatch(x, [y, y]));
      return { history: history as Record<string, number[]>, ops };
    };
    const actual = await losses();
    traceOnCpu(core, false);
    const expected = await losses();
    expect(Object.keys(actual.history)).toEqual(['loss', 'one_loss', 'other_loss', 'one_mae']);
    for (const [name, values] of Object.entries(expected.history)) {
      expect(relativeError(actual.history[name] ?? [], values)).toBeLessThan(1e-4);
    }
    expect(actual.ops).toBe(0);
  });

  it('stops and goes on with layers as their trainable says, once compiled', async () => {
    const trained = async () => {
      const { x, y } = images();
      const model = createModel();
      for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
      const [convolution] = model.layers.filter(({ weights }) => weights.length > 0);
      if (convolution) convolution.trainable = false;
      model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy' });
      for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
      tf.dispose([x, y]);
      return valuesOf(model.getWeights());
    };
    const actual = await trained();
    traceOnCpu(core, false);
    const expected = await trained();
    expected.forEach((values, index) => {
      expect(relativeError(actual[index] ?? [], values)).toBeLessThan(1e-3);
    });
  });

  it('draws another mask at each step, in TensorFlow', async () => {
    const { x, y } = images();
    const model = createModel({
      optimizer: tf.train.sgd(0),
      layers: () => [tf.layers.dropout({ rate: 0.5 })],
    });
    const losses = new Set<number>();
    expect(await opsOfStep(model)).toBe(0);
    for (let step = 0; step < 5; step++) losses.add((await model.trainOnBatch(x, y)) as number);
    expect(losses.size).toBe(5);
    tf.dispose([x, y]);
  });

  it('has a dropout with a seed draw what it draws without', async () => {
    const create = () => createModel({ layers: () => [tf.layers.dropout({ rate: 0.5, seed: 7 })] });
    expectSame(await train(create), await trainEagerly(create));
  });

  it('heeds the settings of layers', async () => {
    const { x, y } = images();
    const dropout = tf.layers.dropout({ rate: 0.5, seed: 7 });
    const model = createModel({ optimizer: tf.train.sgd(0), layers: () => [dropout] });
    expect(await opsOfStep(model)).toBe(0);
    const dropping = await model.trainOnBatch(x, y);
    Object.assign(dropout, { rate: 0 });
    expect(await model.trainOnBatch(x, y)).not.toBe(dropping);
    expect(await opsOfStep(model)).toBe(0);
    tf.dispose([x, y]);
  });

  it.each<[string, () => Model]>([
    [
      'noise drawn in JavaScript',
      () => createModel({ layers: () => [tf.layers.gaussianNoise({ stddev: 0.1 })] }),
    ],
    ["somebody's own layer", () => createModel({ layers: () => [new Twice({})] })],
    [
      "somebody's own loss",
      () =>
        createModel({ loss: (actual, predicted) => tf.losses.meanSquaredError(actual, predicted) }),
    ],
  ])('takes steps op by op with %s', async (_, create) => {
    const before = tf.memory().numTensors;
    const model = create();
    expect(await opsOfStep(model)).toBeGreaterThan(10);
    model.dispose();
    model.optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes steps op by op while somebody looks on', async () => {
    const { x, y } = images();
    const model = createModel();
    await opsOfStep(model);
    const { kernels } = await tf.profile(() => model.trainOnBatch(x, y));
    expect(kernels.map(({ name }) => name)).toContain('Conv2DBackpropFilter');
    expect(await opsOfStep(model, 1)).toBe(0);
    tf.dispose([x, y]);
  });

  it('leaves nothing behind', async () => {
    const before = tf.memory();
    const model = createModel();
    await opsOfStep(model);
    model.dispose();
    model.optimizer.dispose();
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    expect([numTensors, numDataBuffers, numBytes]).toEqual([
      before.numTensors,
      before.numDataBuffers,
      before.numBytes,
    ]);
  });
});
