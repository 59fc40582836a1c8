import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSequentialClassifier, type LoadOnnxOptions, loadOnnxClassifier } from '../src/index';
import { GraphBuilder } from '../src/onnx/graph-builder';
import { createCountingRuntime } from './counting-runtime';
import { relativeError } from './relative-error';
import { SMALL_SEQUENTIAL } from './small-network';
import { smallImages } from './small-spec';

const [HEIGHT, WIDTH] = [2, 3];
const NORMALISATION = { scale: 1, mean: [1, 2, 3], standardDeviation: [1, 2, 4] };
const NCHW: LoadOnnxOptions = {
  layout: 'NCHW',
  normalisation: NORMALISATION,
  activation: 'softmax',
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
  columns = 3,
  type: 'float32' | 'float16' | 'uint8' = 'float32',
): Promise<string> {
  const graph = new GraphBuilder();
  const input = graph.input('x', type, shape);
  const floats = type === 'float32' ? input : graph.cast(input, 'float32');
  const means = graph.node('ReduceMean', [floats], { axes, keepdims: 0 });
  const isHalf = type === 'float16';
  const output = isHalf ? graph.cast(answer(graph, means), type) : answer(graph, means);
  graph.output('y', output, isHalf ? type : 'float32', [shape[0] as number, columns]);
  const path = join(directory, 'model.onnx');
  await writeFile(path, graph.encode('foreign'));
  return path;
}

const SHAPE = ['b', 3, HEIGHT, WIDTH];
const FIRST = PIXELS.subarray(0, HEIGHT * WIDTH * 3);

function firstColumn(graph: GraphBuilder, means: string): string {
  return graph.node('Gather', [means, graph.integers(0)], { axis: 1 });
}

/** Means of each normalised channel, in float64. */
function meansOf(image: number): number[] {
  const imageBytes = HEIGHT * WIDTH * 3;
  return [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let at = image * imageBytes + channel; at < (image + 1) * imageBytes; at += 3) {
      sum += ((PIXELS[at] as number) - (channel + 1)) / 2 ** channel;
    }
    return sum / (HEIGHT * WIDTH);
  });
}

/** The same after softmax. */
function expectedRow(image: number): number[] {
  const exponentials = meansOf(image).map((mean) => Math.exp(mean));
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
    ['the other layout', ['b', HEIGHT, WIDTH, 3], NCHW, 'INVALID_ARGUMENT', 'Give layout NHWC'],
    ['batches of none', [0, 3, HEIGHT, WIDTH], NCHW, 'INVALID_FILE', '0 images at a time'],
    ['an unsaid size', ['b', 3, 'h', 'w'], NCHW, 'INVALID_ARGUMENT', 'give inputHeight'],
    ...(
      [
        ['an unsaid normalisation', { normalisation: undefined }, 'give normalisation'],
        ['an unsaid activation', { activation: undefined }, 'give activation'],
        ['too few class names', { classNames: ['one'] }, 'classNames has 1'],
        ['a name twice', { classNames: ['one', 'two', 'one'] }, '"one" twice'],
        ['an output that is none', { output: 'softmax' }, 'no output "softmax", but "y"'],
        ['an unknown activation', { activation: 'relu' }, 'activation must be one of softmax'],
        ['an unknown order', { channels: 'GBR' }, 'channels must be one of RGB, BGR, grey'],
        ['grey of colours', { channels: 'grey' }, 'with 3 channels, not 1'],
        ['scores as probabilities', { activation: 'none' }, 'is no probability'],
        [
          'a scale beyond numbers',
          { normalisation: { ...NORMALISATION, scale: Infinity } },
          'scale',
        ],
        [
          'a scale that float32 cannot hold',
          { normalisation: { ...NORMALISATION, scale: 1e-300 } },
          'float32 ends at',
        ],
        [
          'a deviation of 0',
          { normalisation: { ...NORMALISATION, standardDeviation: [1, 0, 1] } },
          'standardDeviation',
        ],
      ] as const
    ).map(
      ([what, options, message]) =>
        [
          what,
          ['b', 3, HEIGHT, WIDTH],
          { ...NCHW, ...options },
          'INVALID_ARGUMENT',
          message,
        ] as const,
    ),
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
      message: expect.stringContaining('no classifier: "y" is [3, 1]'),
    });
  });

  it('leaves probabilities as they are, and lets no second softmax over them', async () => {
    const path = await writeModel(['b', 3, HEIGHT, WIDTH], [2, 3], (graph, means) =>
      graph.node('Softmax', [means], { axis: 1 }),
    );
    const { activation: _, ...options } = NCHW;
    const classifier = await loadOnnxClassifier(path, options);
    const [first] = await classifier.predict(FIRST, 1);
    expect(first).toBeCloseTo(expectedRow(0)[0] as number, 4);
    expect(classifier.sources.activation).toBe('the file');
    await classifier.dispose();
    await expect(loadOnnxClassifier(path, NCHW)).rejects.toMatchObject({
      message: expect.stringContaining('ends with softmax already'),
    });
  });

  it('lets no softmax over what sums to 1 without one, and no score pass for a probability', async () => {
    const shares = await writeModel(SHAPE, [2, 3], (graph, means) => {
      const sum = graph.node('ReduceSum', [means, graph.integers(1)], { keepdims: 1 });
      return graph.node('Div', [means, sum]);
    });
    const options = { ...NCHW, normalisation: '0-1' as const };
    await expect(loadOnnxClassifier(shares, options)).rejects.toMatchObject({
      message: expect.stringContaining('these are probabilities already'),
    });
    const scores = await writeModel(SHAPE, [2, 3], firstColumn, 1);
    const normalisation = { scale: 200, mean: [0, 0, 0], standardDeviation: [1, 1, 1] };
    const classifier = await loadOnnxClassifier(scores, {
      ...{ layout: 'NCHW', activation: 'none', normalisation },
    });
    await expect(classifier.predict(FIRST.slice().fill(255), 1)).rejects.toMatchObject({
      message: expect.stringContaining('answers -0.27'),
    });
    await classifier.dispose();
  });

  it.each<
    [string, LoadOnnxOptions['activation'], (graph: GraphBuilder, means: string) => string, string]
  >([
    [
      'sigmoid over probabilities',
      'sigmoid',
      (graph, means) => graph.node('Abs', [graph.node('Softmax', [means], { axis: 1 })]),
      'these are probabilities already',
    ],
    [
      'sigmoid over a log-softmax',
      'sigmoid',
      (graph, means) => graph.node('LogSoftmax', [means], { axis: 1 }),
      'logarithms of probabilities',
    ],
    [
      'softmax over percent',
      'softmax',
      (graph, means) => {
        const shares = graph.node('Softmax', [means], { axis: 1 });
        return graph.node('Mul', [
          shares,
          graph.initializer('hundred', [1], new Float32Array([100])),
        ]);
      },
      'in percent',
    ],
    [
      'softmax over a hard sigmoid',
      'softmax',
      (graph, means) => graph.node('HardSigmoid', [means]),
      'ends with sigmoid already',
    ],
    [
      'a choice of one class for answers',
      'sigmoid',
      (graph, means) =>
        graph.cast(graph.node('ArgMax', [means], { axis: 1, keepdims: 1 }), 'float32'),
      'chooses among classes',
    ],
    [
      'answers that are no numbers',
      'none',
      (graph, means) => graph.node('Sqrt', [graph.node('Neg', [graph.node('Exp', [means])])]),
      'puts out NaN',
    ],
  ])('takes no %s', async (_, activation, answer, message) => {
    const path = await writeModel(SHAPE, [2, 3], answer);
    await expect(loadOnnxClassifier(path, { ...NCHW, activation })).rejects.toMatchObject({
      message: expect.stringContaining(message),
    });
  });

  it('answers each label of a sigmoid by itself', async () => {
    const path = await writeModel(SHAPE, [2, 3], (graph, means) => graph.node('Sigmoid', [means]));
    const { activation: _, ...options } = NCHW;
    const classifier = await loadOnnxClassifier(path, options);
    expect(classifier.model.labels).toBe('several');
    const scores = meansOf(0);
    const actual = await classifier.predict(FIRST, 1);
    scores.forEach((score, index) => {
      expect(actual[index]).toBeCloseTo(1 / (1 + Math.exp(-score)), 5);
    });
    await classifier.dispose();
  });

  it('takes one column for the probability of the second of two classes', async () => {
    const path = await writeModel(SHAPE, [2, 3], firstColumn, 1);
    await expect(loadOnnxClassifier(path, NCHW)).rejects.toMatchObject({
      message: expect.stringContaining('softmax makes 1 for every image'),
    });
    const classifier = await loadOnnxClassifier(path, {
      ...NCHW,
      normalisation: { ...NORMALISATION, mean: [100, 0, 0], standardDeviation: [30, 1, 1] },
      activation: 'sigmoid',
      classNames: ['cat', 'dog'],
    });
    const [cat, dog] = await classifier.predict(FIRST, 1);
    const score = ((meansOf(0)[0] as number) + 1 - 100) / 30;
    expect(dog).toBeCloseTo(1 / (1 + Math.exp(-score)), 5);
    expect((cat as number) + (dog as number)).toBeCloseTo(1, 6);
    await classifier.dispose();
  });

  it('asks which of several outputs holds the answers, and passes over labels', async () => {
    const graph = new GraphBuilder();
    const means = graph.node('ReduceMean', [graph.input('x', 'float32', SHAPE)], {
      axes: [2, 3],
      keepdims: 0,
    });
    const label = graph.node('ArgMax', [means], { axis: 1, keepdims: 0 });
    graph.output('label', label, 'int64', ['b']);
    graph.output('features', graph.node('Neg', [means]), 'float32', ['b', 3]);
    const path = join(directory, 'features.onnx');
    await writeFile(path, graph.encode('features'));
    const one = await loadOnnxClassifier(path, NCHW);
    expect(one.model.output).toBe('features');
    await one.dispose();
    graph.output('scores', means, 'float32', ['b', 3]);
    await writeFile(path, graph.encode('features'));
    await expect(loadOnnxClassifier(path, NCHW)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('give output, one of features, scores'),
    });
    const classifier = await loadOnnxClassifier(path, { ...NCHW, output: 'scores' });
    const actual = await classifier.predict(FIRST, 1);
    expectedRow(0).forEach((value, index) => {
      expect(actual[index]).toBeCloseTo(value, 4);
    });
    await classifier.dispose();
  });

  it.each([
    ['BGR', 'float32', 3, [2, 1, 0]],
    ['RGB', 'float16', 3, [0, 1, 2]],
    ['RGB', 'uint8', 3, [0, 1, 2]],
    ['grey', 'float32', 1, [0]],
  ] as const)('feeds %s images of %s', async (channels, type, depth, order) => {
    const path = await writeModel(
      ['b', depth, HEIGHT, WIDTH],
      [2, 3],
      (_, means) => means,
      depth,
      type,
    );
    const zeros = order.map(() => 0);
    const normalisation = { scale: 100, mean: zeros, standardDeviation: order.map(() => 1) };
    const classifier = await loadOnnxClassifier(path, {
      channels,
      layout: 'NCHW',
      activation: 'sigmoid',
      ...(type !== 'uint8' && { normalisation }),
    });
    const flat = new Uint8Array(new SharedArrayBuffer(HEIGHT * WIDTH * 3));
    flat.set(
      [10, 200, 90].flatMap((_, at, all) =>
        at === 0
          ? Array(HEIGHT * WIDTH)
              .fill(all)
              .flat()
          : [],
      ),
    );
    const actual = [...(await classifier.predict(flat, 1))].slice(-depth);
    const colours = channels === 'grey' ? [131] : [10, 200, 90];
    const scale = type === 'uint8' ? 1 : 100;
    order.forEach((place, column) => {
      const score = (colours[place] as number) / scale;
      expect(actual[column]).toBeCloseTo(1 / (1 + Math.exp(-score)), 3);
    });
    await classifier.dispose();
  });

  it('opens what dlcmp saved without being told anything', async () => {
    const saved = await createSequentialClassifier(SMALL_SEQUENTIAL);
    const images = smallImages(4);
    await saved.fit(images, { epochs: 1, batchSize: 4 });
    await saved.save(directory);
    const expected = await saved.predict(images.pixels, 4);
    await saved.dispose();
    const classifier = await loadOnnxClassifier(join(directory, 'model.onnx'));
    expect(classifier.classNames).toEqual(SMALL_SEQUENTIAL.classNames);
    expect(relativeError(await classifier.predict(images.pixels, 4), expected)).toBeLessThan(1e-5);
    await classifier.dispose();
  });

  it('returns nothing that is not finite', async () => {
    const path = await writeModel(SHAPE, [2, 3], (graph, means) =>
      graph.node('Log', [graph.node('Sub', [means, graph.float(50)])]),
    );
    const classifier = await loadOnnxClassifier(path, NCHW);
    const black = new Uint8Array(HEIGHT * WIDTH * 3);
    await expect(classifier.predict(black, 1)).rejects.toMatchObject({ code: 'DIVERGED' });
    await classifier.dispose();
  });
});
