import { createRequire } from 'node:module';
import { beforeAll, expect, it } from '@jest/globals';
import type { Tensor, Tensor3D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import { registerTensorFlow } from '../../src/index';
import type { TensorFlow } from '../../src/tensorflow-js';
import { describeOnTensorFlow } from '../native-tensorflow';
import { mixedTensor } from './against-cpu/edge-values';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;

type Convolve = (x: Tensor, filter: Tensor) => Tensor;

const CONVOLUTIONS: Readonly<Record<string, [Convolve, number[], number[]]>> = {
  'conv1d, same': [
    (x, w) => tf.conv1d(x as Tensor3D, w as Tensor3D, 1, 'same', 'NWC', 3),
    [2, 8, 2],
    [3, 2, 2],
  ],
  'conv2d, valid': [
    (x, w) => tf.conv2d(x as Tensor4D, w as Tensor4D, 1, 'valid', 'NHWC', [2, 3]),
    [1, 7, 8, 2],
    [2, 2, 2, 2],
  ],
  'conv3d, same': [
    (x, w) => tf.conv3d(x as Tensor5D, w as Tensor5D, 1, 'same', 'NDHWC', 2),
    [1, 3, 4, 5, 1],
    [2, 2, 2, 1, 2],
  ],
};

describeOnTensorFlow('a dilated convolution', () => {
  beforeAll(async () => {
    registerTensorFlow(tf);
    await tf.setBackend('tensorflow');
  });

  it.each(Object.entries(CONVOLUTIONS))('%s has its gradients', (_, [convolve, xShape, wShape]) => {
    const [x, w] = [mixedTensor(tf, xShape), tf.add(mixedTensor(tf, wShape), 0.1)];
    const dy = mixedTensor(tf, convolve(x, w).shape);
    const [dx, dw] = tf.grads(convolve)([x, w], dy) as [Tensor, Tensor];
    // It is linear in both, so that ⟨dy, convolve(x', w)⟩ = ⟨dx, x'⟩ for every x', and so for w.
    const inner = (a: Tensor, b: Tensor) => tf.sum(tf.mul(a, b)).dataSync<'float32'>()[0]!;
    for (let seed = 1; seed <= 3; seed++) {
      const [otherX, otherW] = [x, w].map((one) => tf.sin(tf.mul(one, seed * 7))) as [
        Tensor,
        Tensor,
      ];
      expect(inner(dx, otherX)).toBeCloseTo(inner(dy, convolve(otherX, w)), 3);
      expect(inner(dw, otherW)).toBeCloseTo(inner(dy, convolve(x, otherW)), 3);
    }
    expect(Math.abs(inner(dx, dx))).toBeGreaterThan(0.01);
  });
});
