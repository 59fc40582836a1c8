import { createRequire } from 'node:module';
import { beforeAll, expect, it } from '@jest/globals';
import { registerTensorFlow } from '../../src/index';
import type { TensorFlow } from '../../src/tensorflow-js';
import { describeOnTensorFlow } from '../native-tensorflow';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;
registerTensorFlow(tf);

describeOnTensorFlow('values that stay what they are', () => {
  beforeAll(() => tf.setBackend('tensorflow'));

  it('are shared by a reshape to the same shape, and outlive the first tensor', () => {
    const x = tf.add(tf.tensor2d([1, 2, 3, 4], [2, 2]), 1);
    const same = tf.reshape(x, [2, 2]);
    x.dispose();
    expect([...same.dataSync()]).toEqual([2, 3, 4, 5]);
    same.dispose();
  });

  it('are laid out anew by a reshape to another shape', () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    expect(tf.sum(tf.reshape(x, [4, 1]), 1).shape).toEqual([4]);
  });

  it.each([
    ['before they reach TensorFlow', (values: number[]) => tf.tensor1d(values)],
    ['in TensorFlow', (values: number[]) => tf.add(tf.tensor1d(values), 0)],
  ])('lose their fraction to a cast, %s', (_, make) => {
    const cast = tf.cast(make([1.9, -1.9, 0.5, -0.5, 7]), 'int32');
    expect([...cast.dataSync()]).toEqual([1, -1, 0, 0, 7]);
    expect(cast.dtype).toBe('int32');
  });

  it('are gathered by indices that were given as floats', () => {
    const x = tf.tensor1d([10, 20, 30]);
    const gathered = tf.gather(x, tf.cast(tf.tensor1d([2, 0]), 'int32'));
    expect([...gathered.dataSync()]).toEqual([30, 10]);
  });

  it('of small constants are not changed by what is computed from them', () => {
    const axis = () => tf.tensor1d([1, 0], 'int32');
    const doubled = tf.add(axis(), axis());
    expect([...doubled.dataSync()]).toEqual([2, 0]);
    expect([...axis().dataSync()]).toEqual([1, 0]);
    expect([...tf.mul(axis(), axis()).dataSync()]).toEqual([1, 0]);
  });
});
