import { createRequire } from 'node:module';
import { afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { registerTensorFlow } from '../../src/index';
import type { TensorFlow } from '../../src/tensorflow-js';
import { describeOnTensorFlow } from '../native-tensorflow';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;
registerTensorFlow(tf);

describeOnTensorFlow('a tensor with fewer values than its shape asks for', () => {
  beforeAll(() => tf.setBackend('tensorflow'));
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('has NaN for those missing, as on cpu, and a warning says so once', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue();
    jest.spyOn(console, 'warn').mockReturnValue();
    // TensorFlow.js finds no numbers in a list of tensors.
    const sum = () => {
      const list = [tf.tensor1d([1, 2])] as unknown as number[];
      return [...tf.add(list, tf.tensor1d([5, 6])).dataSync()];
    };
    expect(sum()).toEqual([Number.NaN, Number.NaN]);
    expect(sum()).toEqual([Number.NaN, Number.NaN]);
    await tf.setBackend('cpu');
    expect(sum()).toEqual([Number.NaN, Number.NaN]);
    await tf.setBackend('tensorflow');
    expect(emitWarning.mock.calls.map(([message]) => message)).toEqual([
      expect.stringContaining('shape [1] has 0 values'),
    ]);
  });

  it('of another type is refused', () => {
    const short = tf.engine().makeTensor(Int32Array.of(7), [2], 'int32');
    expect(() => tf.neg(short)).toThrow('takes 8 bytes, not 4');
  });
});
