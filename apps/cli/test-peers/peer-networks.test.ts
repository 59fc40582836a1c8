/**
 * Real peers against the float64 reference. `DLCMP_PEERS` names those to hold against it, `pytorch` unless it is set:
 * `DLCMP_PEERS=keras DLCMP_PYTHON=… pnpm test:peers`.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createPeerAdapter, readPeerManifest } from '@dlcmp/bench-core/peer';
import { createReferenceCnn, createSeparableImages } from '@dlcmp/bench-core/testing';
import {
  adamW,
  type CnnAdapter,
  type CnnFitOptions,
  cosineSchedule,
  createTrainingPlan,
  epochBatches,
  type NetworkDescription,
  networkOf,
  sgd,
  type Weights,
} from '@dlcmp/contract';
import { beforeAll, describe, expect, it } from '@jest/globals';

const PEERS = (process.env.DLCMP_PEERS ?? 'pytorch').split(',');
const SIZE = { inputHeight: 20, inputWidth: 17, classNames: ['a', 'b', 'c', 'd'], seed: 11 };
const images = createSeparableImages({ ...SIZE, count: 23, classCount: 4, noise: 1 });

async function everyNode(): Promise<NetworkDescription> {
  const text = await readFile(new URL('./every-node.json', import.meta.url), 'utf8');
  return JSON.parse(text) as NetworkDescription;
}

async function peerAdapter(name: string): Promise<CnnAdapter> {
  const path = fileURLToPath(new URL(`../../../peers/${name}/peer.json`, import.meta.url));
  return createPeerAdapter(await readPeerManifest(path)) as CnnAdapter;
}

/** What a fit of one step an image batch, gradients and answers come to. */
async function outcome(adapter: CnnAdapter, options: CnnFitOptions) {
  const spec = { ...SIZE, network: await everyNode() };
  const { masks } = networkOf(spec);
  const plan = createTrainingPlan({
    ...{ seed: 3, imageCount: images.count, batchSize: 8, masks },
    augmentation: 'none',
  });
  const [batch] = epochBatches(plan, 1, images, spec);
  if (!batch) throw new Error('There is no batch.');
  const classifier = await adapter.create(spec, { threads: 1 });
  const losses: number[] = [];
  try {
    const { loss, gradients } = await classifier.computeGradients(batch);
    await classifier.fit(images, {
      ...{ epochs: 4, batchSize: 8, ...options },
      onProgress: ({ loss }) => losses.push(loss ?? Number.NaN),
    });
    const weights = await classifier.getWeights();
    const logits = await classifier.predictLogits(images.pixels, images.count);
    return { loss, gradients, losses: losses.slice(0, 10), weights, logits };
  } finally {
    await classifier.dispose();
  }
}

/** Of all tensors, relative to the largest value of each. */
function difference(actual: Weights, expected: Weights): number {
  return Math.max(
    ...Object.entries(expected).map(([name, { data }]) => {
      const largest = Math.max(...data.map(Math.abs), 1e-3);
      const apart = data.map((value, at) =>
        Math.abs(value - (actual[name]?.data[at] ?? Number.NaN)),
      );
      return Math.max(...apart) / largest;
    }),
  );
}

const SGD: CnnFitOptions = {
  ...{ optimizer: sgd({ momentum: 0.9, nesterov: true, weightDecay: 1e-3 }), learningRate: 0.01 },
};
const ADAM_W: CnnFitOptions = {
  optimizer: adamW({ weightDecay: 0.05 }),
  schedule: cosineSchedule({ learningRate: 1e-3, warmupSteps: 3 }),
  ...{ gradientClipping: 0.5, labelSmoothing: 0.1 },
};

describe.each(PEERS)('the peer %s trains a network with every type of node', (name) => {
  type Outcome = Awaited<ReturnType<typeof outcome>>;
  let expected: Outcome;
  let actual: Outcome;

  beforeAll(async () => {
    expected = await outcome(createReferenceCnn(), SGD);
    actual = await outcome(await peerAdapter(name), SGD);
  });

  it('with the gradients of the float64 reference, within 1e-3', () => {
    expect(Object.keys(actual.gradients)).toEqual(Object.keys(expected.gradients));
    expect(actual.loss).toBeCloseTo(expected.loss, 5);
    expect(difference(actual.gradients, expected.gradients)).toBeLessThan(1e-3);
  });

  it('with its losses over ten steps of SGD, within 1e-4', () => {
    expect(actual.losses).toHaveLength(10);
    for (const [step, loss] of expected.losses.entries()) {
      expect(Math.abs((actual.losses[step] ?? Number.NaN) - loss)).toBeLessThan(1e-4);
    }
  });

  it('to its weights, running statistics and answers', () => {
    expect(Object.keys(actual.weights).sort()).toEqual(Object.keys(expected.weights).sort());
    expect(difference(actual.weights, expected.weights)).toBeLessThan(1e-3);
    const apart = expected.logits.map((value, at) =>
      Math.abs(value - (actual.logits[at] ?? Number.NaN)),
    );
    expect(Math.max(...apart)).toBeLessThan(1e-3);
  });

  it('with AdamW, a schedule, clipping and label smoothing as the reference does', async () => {
    const reference = await outcome(createReferenceCnn(), ADAM_W);
    const peer = await outcome(await peerAdapter(name), ADAM_W);
    for (const [step, loss] of reference.losses.entries()) {
      expect(Math.abs((peer.losses[step] ?? Number.NaN) - loss)).toBeLessThan(1e-3);
    }
  });
});
