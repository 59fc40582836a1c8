import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LoadOnnxOptions, loadOnnxClassifier } from '../src/index';
import { GraphBuilder } from '../src/onnx/graph-builder';
import { createCountingRuntime } from './counting-runtime';

const [HEIGHT, WIDTH] = [2, 3];
const NCHW: LoadOnnxOptions = {
  layout: 'NCHW',
  scale: 1,
  mean: [1, 2, 3],
  standardDeviation: [1, 2, 4],
};
const PIXELS = Uint8Array.from({ length: 5 * HEIGHT * WIDTH * 3 }, (_, index) => (index * 7) % 256);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'foreign-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** A model of another program, whose scores are the means of each channel. */
async function writeModel(
  shape: readonly (number | string)[],
  axes: readonly number[] = [2, 3],
  answer: (graph: GraphBuilder, means: string) => string = (_, means) => means,
): Promise<string> {
  const graph = new GraphBuilder();
  const input = graph.input('x', 'float32', shape);
  const means = graph.node('ReduceMean', [input], { axes, keepdims: 0 });
  graph.output('y', answer(graph, means), 'float32', [shape[0] as number, 3]);
  const path = join(directory, 'model.onnx');
  await writeFile(path, graph.encode('foreign'));
  return path;
}

/** Means of each normalised channel, after softmax, in float64. */
function expectedRow(image: number): number[] {
  const imageBytes = HEIGHT * WIDTH * 3;
  const exponentials = [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let at = image * imageBytes + channel; at < (image + 1) * imageBytes; at += 3) {
      sum += ((PIXELS[at] as number) - (channel + 1)) / 2 ** channel;
    }
    return Math.exp((sum / (HEIGHT * WIDTH)) % 1000);
  });
  const total = exponentials.reduce((a, b) => a + b);
  return exponentials.map((value) => value / total);
}

describe('loadOnnxClassifier', () => {
  it.each([
    ['NCHW, any batch', ['batch', 3, HEIGHT, WIDTH], [2, 3], 'NCHW'],
    ['NCHW, batches of 2', [2, 3, HEIGHT, WIDTH], [2, 3], 'NCHW'],
    ['NHWC, any batch', ['batch', HEIGHT, WIDTH, 3], [1, 2], 'NHWC'],
    ['NCHW, any size', ['batch', 3, 'h', 'w'], [2, 3], 'NCHW'],
  ] as const)('predicts in layout %s', async (_, shape, axes, layout) => {
    const path = await writeModel(shape, axes);
    const classifier = await loadOnnxClassifier(path, {
      ...NCHW,
      layout,
      batchSize: 3,
      inputHeight: HEIGHT,
      inputWidth: WIDTH,
    });
    const actual = await classifier.predict(PIXELS, 5);
    for (let image = 0; image < 5; image++) {
      expectedRow(image).forEach((value, index) => {
        expect(actual[image * 3 + index]).toBeCloseTo(value, 4);
      });
    }
    await classifier.dispose();
    await expect(classifier.predict(PIXELS, 5)).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it.each([
    ['five axes', ['batch', 3, HEIGHT, WIDTH, 1], NCHW, 'INVALID_FILE', 'of 4 axes is needed'],
    ['the other layout', ['b', HEIGHT, WIDTH, 3], NCHW, 'INVALID_ARGUMENT', 'Try layout NHWC'],
    ['grey images', ['b', 1, 4, 5], NCHW, 'INVALID_ARGUMENT', 'Only RGB'],
    ['an unsaid size', ['b', 3, 'h', 'w'], NCHW, 'INVALID_ARGUMENT', 'give inputHeight'],
    [
      'too few class names',
      ['b', 3, HEIGHT, WIDTH],
      { ...NCHW, classNames: ['one'] },
      'INVALID_ARGUMENT',
      'classNames has 1',
    ],
    [
      'a deviation of 0',
      ['b', 3, HEIGHT, WIDTH],
      { ...NCHW, standardDeviation: [1, 0, 1] },
      'INVALID_ARGUMENT',
      'standardDeviation',
    ],
  ] as const)('refuses %s, and frees what it opened', async (_, shape, options, code, message) => {
    const { module, open } = createCountingRuntime();
    const path = await writeModel(shape);
    await expect(
      loadOnnxClassifier(path, { ...options, onnxruntime: module } as LoadOnnxOptions),
    ).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(open.size).toBe(0);
  });

  it('refuses a model that is no classifier', async () => {
    const path = await writeModel(['b', 3, HEIGHT, WIDTH], [2, 3], (graph, means) =>
      graph.node('Reshape', [means, graph.integers(3, -1)]),
    );
    await expect(loadOnnxClassifier(path, NCHW)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('no classifier: it answers [3, 1]'),
    });
  });

  it('leaves probabilities as they are', async () => {
    const path = await writeModel(['b', 3, HEIGHT, WIDTH], [2, 3], (graph, means) =>
      graph.node('Softmax', [means], { axis: 1 }),
    );
    const classifier = await loadOnnxClassifier(path, NCHW);
    const [first] = await classifier.predict(PIXELS.subarray(0, HEIGHT * WIDTH * 3), 1);
    expect(first).toBeCloseTo(expectedRow(0)[0] as number, 4);
    await classifier.dispose();
  });
});
