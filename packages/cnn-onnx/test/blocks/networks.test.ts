import {
  adam,
  adamW,
  type CnnFitOptions,
  elementCount,
  type NetworkNode,
  sgd,
  type TrainingBatch,
} from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { createSequentialClassifier } from '../../src/index';
import { relativeError } from '../relative-error';
import { SMALL_SPEC } from '../small-spec';
import { SUPPORTED } from './networks';
import { imagesOf } from './specs';

const SETTINGS: readonly CnnFitOptions[] = [
  { optimizer: sgd({ momentum: 0.9, weightDecay: 0.01 }), learningRate: 0.05 },
  { optimizer: adam({ epsilon: 1e-4 }) },
  {
    optimizer: adamW({ epsilon: 1e-4, weightDecay: 0.1 }),
    gradientClipping: 0.5,
    labelSmoothing: 0.1,
  },
];

function open(
  engine: string,
  [inputHeight, inputWidth]: readonly [number, number],
  nodes: readonly NetworkNode[],
) {
  const { classNames } = SMALL_SPEC;
  return createSequentialClassifier({
    ...{ inputHeight, inputWidth, layers: nodes, classNames, seed: 3 },
    ...{ engine, threads: 2 },
  });
}

describe.each(SUPPORTED)('blocks: %s', (_, size, nodes) => {
  const [inputHeight, inputWidth] = size;
  const images = imagesOf({ ...SMALL_SPEC, inputHeight, inputWidth }, 9);
  const openBoth = async () =>
    [await open('blocks', size, nodes), await open('graph', size, nodes)] as const;
  type Opened = Awaited<ReturnType<typeof open>>;

  /** The first images; every third masked value is left out. */
  const batchFor = ({ network }: Opened, count: number): TrainingBatch => ({
    pixels: images.pixels.subarray(0, count * inputHeight * inputWidth * 3),
    labels: images.labels.subarray(0, count),
    size: count,
    masks: Object.fromEntries(
      Object.entries(network.masks).map(([name, { shape }]) => [
        name,
        Uint8Array.from({ length: count * elementCount(shape) }, (_, i) => (i % 3 ? 1 : 0)),
      ]),
    ),
  });

  const compareWeights = async (blocks: Opened, graph: Opened, tolerance: number) => {
    const [weights, expected] = [await blocks.getWeights(), await graph.getWeights()];
    expect(Object.keys(weights)).toEqual(Object.keys(expected));
    for (const [name, { data, shape }] of Object.entries(expected)) {
      expect(weights[name]?.shape).toEqual(shape);
      const error = relativeError(weights[name]?.data ?? [], data);
      expect({ name, fits: error < tolerance, error }).toMatchObject({ name, fits: true });
    }
  };

  it('has the gradients of one graph, and leaves weights and state as they are', async () => {
    const [blocks, graph] = await openBoth();
    for (const count of [5, 9, 1]) {
      const { loss, gradients } = await blocks.computeGradients(batchFor(blocks, count));
      const expected = await graph.computeGradients(batchFor(graph, count));
      expect(loss).toBeCloseTo(expected.loss, 5);
      for (const [name, { data }] of Object.entries(expected.gradients)) {
        const error = relativeError(gradients[name]?.data ?? [], data);
        expect({ name, error }).toEqual({ name, error: expect.closeTo(0, 4) });
      }
    }
    await compareWeights(blocks, graph, 1e-9);
    await Promise.all([blocks.dispose(), graph.dispose()]);
  });

  it.each(SETTINGS)('takes the steps and gives the answers of one graph: %j', async (options) => {
    const [blocks, graph] = await openBoth();
    for (const count of [4, 9, 3]) {
      const loss = await blocks.trainStep(batchFor(blocks, count), options);
      expect(loss).toBeCloseTo(await graph.trainStep(batchFor(graph, count), options), 4);
      const answers = await blocks.predictLogits(images.pixels, 9);
      expect(relativeError(answers, await graph.predictLogits(images.pixels, 9))).toBeLessThan(
        2e-3,
      );
    }
    await compareWeights(blocks, graph, 2e-3);
    await Promise.all([blocks.dispose(), graph.dispose()]);
  });
});
