import { expect, it } from '@jest/globals';
import ort from 'onnxruntime-node';
import { softmaxCrossEntropy } from '../../src/graph/softmax-cross-entropy';
import { GraphBuilder } from '../../src/onnx/graph-builder';
import { readFixture } from '../fixtures/read-fixture';
import { relativeError } from '../relative-error';
import { ROUNDING, randomValues } from './nodes/node-check';

const CLASSES = 4;

async function run(logits: ArrayLike<number>, labels: Int32Array, labelSmoothing = 0) {
  const graph = new GraphBuilder();
  const scores = graph.input('logits', 'float32', ['batch', CLASSES]);
  const classes = graph.input('labels', 'int32', ['batch']);
  const batchSize = graph.input('batchSize', 'float32', []);
  const taken = { logits: scores, labels: classes, batchSize };
  const { loss, gradient } = softmaxCrossEntropy(graph, taken, CLASSES, labelSmoothing);
  graph.output('loss', loss, 'float32', []);
  graph.output('gradient', gradient, 'float32', ['batch', CLASSES]);
  const session = await ort.InferenceSession.create(graph.encode('loss'));
  const results = await session.run({
    logits: new ort.Tensor('float32', Float32Array.from(logits), [labels.length, CLASSES]),
    labels: new ort.Tensor('int32', labels, [labels.length]),
    batchSize: new ort.Tensor('float32', [labels.length], []),
  });
  await session.release();
  return {
    loss: results.loss?.data[0] as number,
    gradient: results.gradient?.data as Float32Array,
  };
}

function naiveLoss(logits: Float64Array, labels: Int32Array): number {
  let sum = 0;
  labels.forEach((label, n) => {
    const row = logits.subarray(n * CLASSES, (n + 1) * CLASSES);
    const total = row.reduce((partial, score) => partial + Math.exp(score), 0);
    sum -= (row[label] as number) - Math.log(total);
  });
  return sum / labels.length;
}

const STEP = 1e-5;

/** d loss / d values, by moving each value up and down. */
function centralDifferences(values: Float64Array, loss: () => number): Float64Array {
  return values.map((value, index) => {
    values[index] = value + STEP;
    const above = loss();
    values[index] = value - STEP;
    const below = loss();
    values[index] = value;
    return (above - below) / (2 * STEP);
  });
}

it('softmaxCrossEntropy is the mean over the batch, with its gradient', async () => {
  const labels = Int32Array.of(2, 0, 3);
  const logits = randomValues(labels.length * CLASSES).map((score) => 5 * score);
  const { loss, gradient } = await run(logits, labels);
  expect(relativeError([loss], [naiveLoss(logits, labels)])).toBeLessThan(ROUNDING);
  const expected = centralDifferences(logits, () => naiveLoss(logits, labels));
  expect(relativeError(gradient, expected)).toBeLessThan(ROUNDING);
});

it('softmaxCrossEntropy stays finite for scores whose exponential overflows', async () => {
  const { loss, gradient } = await run(Float64Array.of(1000, 0, -1000, 0), Int32Array.of(1));
  expect(loss).toBeCloseTo(1000, 3);
  expect([...gradient]).toEqual([1, -1, 0, 0]);
});

interface RecordedLoss {
  readonly labelSmoothing: number;
  readonly logits: readonly number[];
  readonly labels: readonly number[];
  readonly loss: number;
  readonly gradient: readonly number[];
}

it.each(readFixture<RecordedLoss>('losses'))(
  'softmaxCrossEntropy is PyTorch’s, label smoothing $labelSmoothing',
  async (recorded) => {
    const labels = Int32Array.from(recorded.labels);
    const { loss, gradient } = await run(recorded.logits, labels, recorded.labelSmoothing);
    expect(relativeError([loss], [recorded.loss])).toBeLessThan(ROUNDING);
    expect(relativeError(gradient, recorded.gradient)).toBeLessThan(ROUNDING);
  },
);
