import { describe, expect, it } from '@jest/globals';
import { parseContender } from '../../src';

describe('parseContender', () => {
  it.each([
    ['onnx', { adapter: 'onnx' }],
    ['onnx:graph', { adapter: 'onnx', engine: 'graph' }],
    ['onnx:graph@cuda', { adapter: 'onnx', engine: 'graph', device: 'cuda' }],
    ['cnn-tfjs@webgpu', { adapter: 'cnn-tfjs', device: 'webgpu' }],
    ['rf:ml-random-forest', { adapter: 'rf', engine: 'ml-random-forest' }],
  ])('reads %s', (text, expected) => {
    expect(parseContender(text)).toEqual(expected);
  });

  it.each(['', ':graph', 'onnx:', 'onnx@', 'onnx:graph:cpu', 'onnx=cpu', 'ONNX', 'a b'])(
    'refuses %j with the form that it should have',
    (text) => {
      expect(() => parseContender(text)).toThrow(/ADAPTER\[:ENGINE\]\[@DEVICE\].*onnx:graph@cuda/);
    },
  );

  it('refuses a device that there is not with those that there are', () => {
    expect(() => parseContender('onnx@tpu')).toThrow(/no device "tpu".*cpu, cuda, webgpu/);
  });
});
