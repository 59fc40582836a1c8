import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mostProbableClasses } from '@dlcmp/bench-core';
import { expect, it } from '@jest/globals';
import { GraphBuilder } from '../../cnn-onnx/src/onnx/graph-builder';
import { ImageClassifier } from '../src/answers/image-classifier';
import { judgePrecision } from '../src/precision/judge-precision';
import { onnxRuntimeNode } from '../src/runtimes/onnx-runtimes';
import { CLASSES, SCORES, SIDE } from './tiny-model';

const right = (hits: number, of: number) => Array.from({ length: of }, (_, image) => image < hits);

it.each([
  // 99 of 100 is 99 % of 100 of 100.
  [right(100, 100), right(99, 100), 'kept'],
  // One of ten fewer may be chance: p = 1.
  [right(10, 10), right(9, 10), 'undecided'],
  // Six that only the reference got right: p = 2 / 2⁶ = 0.03.
  [right(50, 100), right(44, 100), 'lost'],
  [right(50, 100), right(60, 100), 'kept'],
])(
  'judges by 99 %% of the accuracy, and by McNemar’s test below',
  (reference, variant, verdict) => {
    expect(judgePrecision(reference, variant).verdict).toBe(verdict);
  },
);

const VALUES = 3 * SIDE * SIDE;
const COUNT = 200;

/** The tiny model with its weights in int8 and back, in steps of `scales` a class. */
async function openQuantised(path: string, scales: readonly number[] | undefined) {
  const graph = new GraphBuilder();
  const flat = graph.reshape(graph.input('x', 'float32', ['batch', 3, SIDE, SIDE]), -1, VALUES);
  let weights = graph.initializer('w', [VALUES, CLASSES.length], SCORES);
  if (scales) {
    const zero = graph.cast(
      graph.indices(new Int32Array(CLASSES.length).fill(128), [CLASSES.length]),
      'uint8',
    );
    const step = Math.max(...SCORES.map(Math.abs)) / 127;
    const to = graph.float(
      CLASSES.map(() => step),
      [CLASSES.length],
    );
    const from = graph.float(
      scales.map((scale) => scale * step),
      [CLASSES.length],
    );
    const bytes = graph.node('QuantizeLinear', [weights, to, zero], { axis: 1 });
    weights = graph.node('DequantizeLinear', [bytes, from, zero], { axis: 1 });
  }
  graph.output('scores', graph.node('MatMul', [flat, weights]), 'float32', [
    'batch',
    CLASSES.length,
  ]);
  await writeFile(path, graph.encode('tiny'));
  return ImageClassifier.open(
    onnxRuntimeNode,
    { path, format: 'onnx' },
    {
      threads: 1,
      description: {
        normalisation: '-1-1',
        activation: 'softmax',
        layout: 'NCHW',
        classNames: CLASSES,
      },
    },
  );
}

it('catches a model whose scales stand in the wrong order, and lets a sound one pass', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'precision-'));
  const pixels = Uint8Array.from(
    { length: COUNT * VALUES },
    (_, at) => (at * 7919 + (at >> 7) * 31) % 256,
  );
  const predict = async (scales: readonly number[] | undefined) => {
    const classifier = await openQuantised(join(directory, `${scales}.onnx`), scales);
    const classes = mostProbableClasses(await classifier.predict(pixels, COUNT), CLASSES.length);
    await classifier.running.close();
    return classes;
  };
  const labels = await predict(undefined);
  const hitsOf = (classes: readonly number[]) =>
    classes.map((label, image) => label === labels[image]);
  const reference = hitsOf(labels);
  expect(judgePrecision(reference, hitsOf(await predict([1, 1, 1, 1, 1]))).verdict).toBe('kept');
  expect(judgePrecision(reference, hitsOf(await predict([3, 0.3, 1, 2, 0.5]))).verdict).toBe(
    'lost',
  );
  await rm(directory, { recursive: true });
});
