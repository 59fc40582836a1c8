import { createRequire } from 'node:module';
import { beforeAll, expect, it } from '@jest/globals';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { registerTensorFlow } from '../../src/index';
import { currentNodeBackend, type NodeBackend } from '../../src/node-backend';
import type { TensorFlow } from '../../src/tensorflow-js';
import { canTile } from '../../src/winograd/tile-pools';
import {
  winogradConv2D,
  winogradConvolveRectifyPool,
  winogradFilterGradient,
  winogradFusedConv2D,
  winogradInputGradient,
} from '../../src/winograd/winograd-convolution';
import { describeOnTensorFlow } from '../native-tensorflow';
import { randomValues } from '../random-values';
import { relativeError } from '../relative-error';

/** With its own backend `cpu` to compare with. */
const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;
registerTensorFlow(tf);

type Shape = [number, number, number, number];

const random = (shape: Shape, seed: number): Float32Array =>
  Float32Array.from(
    randomValues(
      shape.reduce((product, size) => product * size, 1),
      seed,
    ),
  );

const ATTRIBUTES = {
  strides: 1,
  pad: 'same',
  dilations: 1,
  dataFormat: 'NHWC',
  dimRoundingMode: 'floor',
} as const;

describeOnTensorFlow('a convolution by tiles', () => {
  let backend: NodeBackend;

  beforeAll(async () => {
    await tf.setBackend('tensorflow');
    backend = currentNodeBackend(tf) as NodeBackend;
  });

  const isLinuxOnX64 = process.platform === 'linux' && process.arch === 'x64';
  (isLinuxOnX64 ? it : it.skip)('can be had on Linux on x64', () => {
    expect(canTile(backend)).toBe(true);
  });

  /** Values by `ours` on TensorFlow and by `reference` on the CPU backend. */
  async function errorOf(ours: () => Tensor | undefined, reference: () => Tensor) {
    await tf.setBackend('cpu');
    const expected = tf.tidy(() => reference().dataSync<'float32'>().slice());
    await tf.setBackend('tensorflow');
    const before = tf.memory().numTensors;
    const actual = tf.tidy(() => ours()?.dataSync<'float32'>().slice());
    expect(tf.memory().numTensors).toBe(before);
    return relativeError(actual ?? [], expected);
  }

  it.each<[Shape, number]>([
    [[1, 1, 1, 16], 16],
    [[2, 7, 6, 16], 20],
    [[3, 13, 9, 24], 16],
  ])('of %j to %i channels is right, as its gradients', async (shape, outputs) => {
    if (!canTile(backend)) return;
    const [count, height, width, inputs] = shape;
    const filterShape: Shape = [3, 3, inputs, outputs];
    const resultShape: Shape = [count, height, width, outputs];
    const x = () => tf.tensor4d(random(shape, 1), shape);
    const filter = () => tf.tensor4d(random(filterShape, 2), filterShape);
    const dy = () => tf.tensor4d(random(resultShape, 3), resultShape);
    const convolve = (a: Tensor, b: Tensor) => tf.conv2d(a as Tensor4D, b as Tensor4D, 1, 'same');
    const gradient = (index: number) => tf.grads(convolve)([x(), filter()], dy())[index] as Tensor;
    const errors = [
      await errorOf(
        () => winogradConv2D(tf, backend, { x: x(), filter: filter() }, ATTRIBUTES),
        () => convolve(x(), filter()),
      ),
      await errorOf(
        () => {
          const attributes = { ...ATTRIBUTES, inputShape: shape };
          return winogradInputGradient(tf, backend, { dy: dy(), filter: filter() }, attributes);
        },
        () => gradient(0),
      ),
      await errorOf(
        () => {
          const attributes = { ...ATTRIBUTES, filterShape };
          return winogradFilterGradient(tf, backend, { x: x(), dy: dy() }, attributes);
        },
        () => gradient(1),
      ),
    ];
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  });

  it.each(['linear', 'relu'] as const)('with a bias through %s is right', async (activation) => {
    if (!canTile(backend)) return;
    const inputs = () => ({
      x: tf.tensor4d(random([2, 9, 10, 16], 1), [2, 9, 10, 16]),
      filter: tf.tensor4d(random([3, 3, 16, 16], 2), [3, 3, 16, 16]),
      bias: tf.tensor1d(random([1, 1, 1, 16], 3)),
    });
    const error = await errorOf(
      () =>
        winogradFusedConv2D(tf, backend, inputs(), {
          ...ATTRIBUTES,
          activation,
          leakyreluAlpha: 0,
        }),
      () => tf.fused.conv2d({ ...inputs(), strides: 1, pad: 'same', activation }),
    );
    expect(error).toBeLessThan(1e-5);
  });

  it('with a bias, a rectifier and max-pooling is right, an odd size losing its last row', async () => {
    if (!canTile(backend)) return;
    const inputs = () => ({
      x: tf.tensor4d(random([2, 13, 10, 16], 1), [2, 13, 10, 16]),
      filter: tf.tensor4d(random([3, 3, 16, 20], 2), [3, 3, 16, 20]),
      bias: tf.tensor1d(random([1, 1, 1, 20], 3)),
    });
    const error = await errorOf(
      () => winogradConvolveRectifyPool(tf, backend, inputs()),
      () => {
        const options = { strides: 1, pad: 'same', activation: 'relu' } as const;
        return tf.maxPool(tf.fused.conv2d({ ...inputs(), ...options }), 2, 2, 'valid');
      },
    );
    expect(error).toBeLessThan(1e-5);
  });

  it('leaves the gradient at zero where no pixel meets the gradient of a result', () => {
    if (!canTile(backend)) return;
    // Images are zero left of column 6, results' gradients right of column 4: within a tile, but never side by side.
    const shape: Shape = [1, 8, 8, 16];
    const masked = (seed: number, keep: (column: number) => boolean) =>
      random(shape, seed).map((value, index) => (keep(Math.floor(index / 16) % 8) ? value : 0));
    const gradients = tf.tidy(() =>
      winogradFilterGradient(
        tf,
        backend,
        {
          x: tf.tensor4d(
            masked(1, (column) => column >= 6),
            shape,
          ),
          dy: tf.tensor4d(
            masked(2, (column) => column <= 4),
            shape,
          ),
        },
        { ...ATTRIBUTES, filterShape: [3, 3, 16, 16] },
      )?.dataSync<'float32'>(),
    );
    expect(gradients).toEqual(new Float32Array(9 * 16 * 16));
  });

  it('passes NaN on', () => {
    if (!canTile(backend)) return;
    const shape: Shape = [1, 8, 8, 16];
    const values = random(shape, 1).fill(Number.NaN, 0, 1);
    const [x, dy] = [tf.tensor4d(values, shape), tf.tensor4d(random(shape, 2), shape)];
    const filter = tf.tensor4d(random([3, 3, 16, 16], 3), [3, 3, 16, 16]);
    const attributes = { ...ATTRIBUTES, filterShape: filter.shape };
    const results = [
      winogradConv2D(tf, backend, { x, filter }, ATTRIBUTES),
      winogradFilterGradient(tf, backend, { x, dy }, attributes),
    ];
    for (const result of results) expect(result?.dataSync()[0]).toBeNaN();
    tf.dispose([x, dy, filter, ...(results as Tensor[])]);
  });

  it.each([
    ['with stride 2', [1, 8, 8, 16], [3, 3, 16, 16], { strides: 2 }],
    ['without padding', [1, 8, 8, 16], [3, 3, 16, 16], { pad: 'valid' }],
    ['with dilation', [1, 8, 8, 16], [3, 3, 16, 16], { dilations: 2 }],
    ['5×5', [1, 8, 8, 16], [5, 5, 16, 16], {}],
    ['of few channels', [1, 8, 8, 3], [3, 3, 3, 16], {}],
    ['in groups', [1, 8, 8, 32], [3, 3, 16, 16], {}],
    ['of no image', [0, 8, 8, 16], [3, 3, 16, 16], {}],
  ] as const)('%s is left to others', (_, shape, filterShape, changes) => {
    const [x, filter] = [tf.zeros([...shape]), tf.zeros([...filterShape])];
    const attributes = { ...ATTRIBUTES, ...changes };
    expect(winogradConv2D(tf, backend, { x, filter }, attributes)).toBeUndefined();
    tf.dispose([x, filter]);
  });
});
