import { elementCount } from '@dlcmp/contract';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { randomValues } from '../../../../tensorflow/test/random-values';
import { relativeError } from '../../../../tensorflow/test/relative-error';
import type { TensorFlowRuntime } from '../../../src/engines/runtime';
import { openWebGpu } from '../../../src/engines/webgpu';
import { bytesToFloats, reluGradient } from '../../../src/nodes/backend-kernels';
import { conv2d } from '../../../src/nodes/conv2d';
import { maxPool } from '../../../src/nodes/max-pool';
import { loadTensorFlowModules } from '../../../src/tensorflow-modules';
import { describeOnWebGpu } from '../../engines-under-test';
import { openRuntime } from '../../open-runtime';
import { resolvedNode } from '../../resolved-node';

/** A relative error that float32 arithmetic explains. */
const ROUNDING = 1e-5;

/** Of Adam without weight decay. */
const PLAIN = { gradientDecay: 0, shrink: 1 };

/** A pool of 2×2 with stride 2. */
function squares(channels: number, height: number, width: number) {
  const shape = [channels, height, width];
  return maxPool(resolvedNode('maxPool', [shape], { kernelSize: 2 }));
}

type Compute = (runtime: TensorFlowRuntime, ...inputs: Tensor[]) => readonly Tensor[];

describeOnWebGpu('kernels for WebGPU', () => {
  let gpu: TensorFlowRuntime;
  let cpu: TensorFlowRuntime;

  beforeAll(async () => {
    gpu = await openWebGpu(await loadTensorFlowModules());
    cpu = await openRuntime(1);
  });
  afterAll(async () => {
    const { tf } = gpu;
    expect(tf.memory().numTensors).toBe(0);
    await Promise.all([gpu.close(), cpu.close()]);
  });

  /** What `compute` makes of random inputs of these shapes. */
  function results(runtime: TensorFlowRuntime, shapes: readonly number[][], compute: Compute) {
    const { tf, run, read } = runtime;
    return Promise.all(
      run(() => {
        tf.engine().startScope();
        const inputs = shapes.map((shape, seed) =>
          tf.tensor(Float32Array.from(randomValues(elementCount(shape), seed)), shape),
        );
        const reads = compute(runtime, ...inputs).map(read);
        tf.engine().endScope();
        return reads;
      }),
    );
  }

  /** Largest error of each result, beside the WebAssembly kernels, which the layers' tests hold against float64. */
  async function errors(shapes: readonly number[][], compute: Compute): Promise<number[]> {
    const [actual, expected] = [
      await results(gpu, shapes, compute),
      await results(cpu, shapes, compute),
    ];
    return actual.map((values, index) => relativeError(values, expected[index] ?? []));
  }

  it.each([
    { count: 2, height: 7, width: 5, channels: 3, outputs: 5 },
    { count: 1, height: 9, width: 6, channels: 8, outputs: 4 },
    { count: 3, height: 13, width: 11, channels: 4, outputs: 68 },
  ])('convolve and give gradients, %o', async ({ count, height, width, channels, outputs }) => {
    const image = [count, height, width];
    const shapes = [
      [...image, channels],
      [3, 3, channels, outputs],
      [...image, outputs],
    ];
    const found = await errors(shapes, ({ tf }, x, filter, dy) => {
      const options = { channels: outputs, kernelSize: 3, padding: 'same', bias: false };
      const operation = conv2d(resolvedNode('conv2d', [[channels, height, width]], options));
      const weights = { 'node.weight': filter as Tensor };
      const { output, backward } = operation([x as Tensor], { tf, weights });
      const gradients = backward(dy as Tensor);
      return [
        output,
        gradients.inputs[0]?.() as Tensor,
        gradients.weights?.['node.weight'] as Tensor,
      ];
    });
    expect(found).toHaveLength(3);
    expect(Math.max(...found)).toBeLessThan(ROUNDING);
  });

  it.each([
    { rows: 5, depth: 7, columns: 3 },
    { rows: 32, depth: 1000, columns: 8 },
    { rows: 100, depth: 36, columns: 70 },
  ])('multiply matrices, either transposed, %o', async ({ rows, depth, columns }) => {
    const shapes = [
      [rows, depth],
      [depth, columns],
      [depth, rows],
      [columns, depth],
    ];
    const found = await errors(shapes, ({ tf }, a, b, transposedA, transposedB) => [
      tf.matMul(a as Tensor2D, b as Tensor2D),
      tf.matMul(transposedA as Tensor2D, b as Tensor2D, true, false),
      tf.matMul(a as Tensor2D, transposedB as Tensor2D, false, true),
    ]);
    expect(found).toHaveLength(3);
    expect(Math.max(...found)).toBeLessThan(ROUNDING);
  });

  it.each([
    [3, 5],
    [2000, 7],
    [1500, 40],
  ])('sum %i rows of %i', async (rows, columns) => {
    const found = await errors([[rows, columns]], ({ tf }, x) => [tf.sum(x, 0)]);
    expect(Math.max(...found)).toBeLessThan(ROUNDING);
  });

  it.each([1, 4])(
    'give ties of pooling to the first in row order, %i channels',
    async (channels) => {
      const values = [
        [2, 2, 2, 2],
        [0, 3, 3, 3],
        [0, 1, 4, 4],
        [-1, -2, -3, -1],
      ];
      const gradients = await results(gpu, [], ({ tf }) =>
        values.map((square) => {
          const pixels = square.flatMap((value) => Array<number>(channels).fill(value));
          const input = tf.tensor4d(pixels, [1, 2, 2, channels]);
          const { backward } = squares(channels, 2, 2)([input], { tf, weights: {} });
          return backward(tf.fill([1, 1, 1, channels], 7)).inputs[0]?.() as Tensor;
        }),
      );
      const firstChannel = gradients.map((values) =>
        [...values].filter((_, i) => i % channels === 0),
      );
      expect(firstChannel).toEqual([
        [7, 0, 0, 0],
        [0, 7, 0, 0],
        [0, 0, 7, 0],
        [7, 0, 0, 0],
      ]);
    },
  );

  it.each([3, 4])('pool odd sizes of %i channels and give gradients', async (channels) => {
    const shapes = [
      [2, 7, 5, channels],
      [2, 3, 2, channels],
    ];
    const found = await errors(shapes, ({ tf }, x, dy) => {
      const { output, backward } = squares(channels, 7, 5)([x as Tensor], { tf, weights: {} });
      return [output, backward(dy as Tensor).inputs[0]?.() as Tensor];
    });
    expect(found).toEqual([0, 0]);
  });

  it('take bytes apart, and rectify gradients', async () => {
    const bytes = Uint8Array.from({ length: 15 }, (_, index) => index * 17);
    const [floats, gradient] = await results(gpu, [], ({ tf }) => [
      bytesToFloats(tf, bytes, [3, 5]),
      reluGradient(tf, tf.tensor1d([1, 2, 3]), tf.tensor1d([0, 5, -1])),
    ]);
    expect(floats).toEqual(Float32Array.from(bytes));
    expect(gradient).toEqual(Float32Array.of(0, 2, 0));
  });

  it('take a step of Adam in place', async () => {
    const step = {
      ...PLAIN,
      meanDecay: 0.9,
      varianceDecay: 0.99,
      stepSize: 0.1,
      rootScale: 1.5,
      epsilon: 1e-3,
    };
    const found = await errors([[9], [9], [9], [9]], ({ tf, applyAdam }, ...inputs) => {
      const [weight, firstMoment, root, gradient] = inputs as [Tensor, Tensor, Tensor, Tensor];
      const secondMoment = tf.square(root);
      applyAdam?.({ weight, firstMoment, secondMoment }, gradient, step);
      return [weight, firstMoment, secondMoment];
    });
    expect(found).toHaveLength(3);
    expect(Math.max(...found)).toBeLessThan(ROUNDING);
  });

  it('read a tensor as it was, whatever comes after', async () => {
    const { tf, run, read, applyAdam } = gpu;
    const step = {
      ...PLAIN,
      meanDecay: 0,
      varianceDecay: 0,
      stepSize: 1,
      rootScale: 1,
      epsilon: 0,
    };
    const reads = run(() => {
      tf.engine().startScope();
      const weight = tf.tensor1d([1, 2, 3, 4]);
      const state = { weight, firstMoment: tf.zeros([4]), secondMoment: tf.zeros([4]) };
      const first = read(weight);
      applyAdam?.(state, tf.ones([4]), step);
      const second = read(weight);
      applyAdam?.(state, tf.ones([4]), step);
      const third = read(weight);
      tf.engine().endScope();
      return [first, second, third];
    });
    expect(await Promise.all(reads)).toEqual([
      Float32Array.of(1, 2, 3, 4),
      Float32Array.of(0, 1, 2, 3),
      Float32Array.of(-1, 0, 1, 2),
    ]);
  });
});
