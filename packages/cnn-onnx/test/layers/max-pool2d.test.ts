import { describe, expect, it } from '@jest/globals';
import ort from 'onnxruntime-node';
import { maxPool2d } from '../../src/layers/max-pool2d';
import { GraphBuilder } from '../../src/onnx/graph-builder';
import { layerErrors, type ReferenceLayer, ROUNDING } from './layer-check';

const PLANES = 2 * 3;

function naivePooling(height: number, width: number, size: number, stride: number): ReferenceLayer {
  return (input) => {
    const output: number[] = [];
    for (let plane = 0; plane < PLANES; plane++)
      for (let i = 0; i + size <= height; i += stride)
        for (let j = 0; j + size <= width; j += stride) {
          let largest = Number.NEGATIVE_INFINITY;
          for (let p = 0; p < size; p++)
            for (let q = 0; q < size; q++) {
              const value = input[(plane * height + i + p) * width + j + q] as number;
              largest = Math.max(largest, value);
            }
          output.push(largest);
        }
    return Float64Array.from(output);
  };
}

describe('maxPool2d', () => {
  it.each([
    [4, 6, 2, 2],
    [5, 7, 2, 2],
    [7, 8, 3, 3],
    [5, 7, 3, 2],
    [5, 7, 2, 1],
    [6, 8, 2, 3],
  ])(
    'keeps the largest of each square, %i × %i by %i, %i apart',
    async (height, width, size, stride) => {
      const errors = await layerErrors({
        layer: maxPool2d({ size, stride }),
        inputShape: [3, height, width],
        reference: naivePooling(height, width, size, stride),
      });
      expect(Math.max(...Object.values(errors))).toBeLessThan(ROUNDING);
    },
  );

  it('gives the gradient to the first of equal values, as PyTorch does', async () => {
    const graph = new GraphBuilder();
    const input = graph.input('input', 'float32', [1, 1, 2, 2]);
    const pool = maxPool2d().apply(input, { graph, training: true, inputShape: [1, 2, 2] });
    const upstream = graph.input('upstream', 'float32', [1, 1, 1, 1]);
    graph.output('gradient', pool.backward(upstream).input(), 'float32', [1, 1, 2, 2]);
    const session = await ort.InferenceSession.create(graph.encode('tie'));
    const { gradient } = await session.run({
      input: new ort.Tensor('float32', Float32Array.of(1, 3, 3, 3), [1, 1, 2, 2]),
      upstream: new ort.Tensor('float32', Float32Array.of(5), [1, 1, 1, 1]),
    });
    await session.release();
    expect(gradient?.data).toEqual(Float32Array.of(0, 5, 0, 0));
  });
});
