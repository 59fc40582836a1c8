import { fileURLToPath } from 'node:url';
import {
  adamW,
  type CnnAdapter,
  type CnnClassifier,
  type CnnFitOptions,
  cosineSchedule,
  type NetworkDescription,
} from '@dlcmp/contract';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createPeerAdapter } from '../../src/peer';
import { createReferenceCnn } from '../../src/reference-network/reference-cnn';
import { CONTRACT_SPEC, noiseImages, noiseProbes } from '../../src/testing/contract-data';

/** Two dropout nodes, a batch norm: what version 1 cannot say. */
const NETWORK: NetworkDescription = {
  schemaVersion: 1,
  name: 'two-masks',
  nodes: [
    { type: 'conv2d', name: 'conv', channels: 3, kernelSize: 3, stride: 2 },
    { type: 'batchNorm', name: 'bn' },
    { type: 'gelu' },
    { type: 'dropout', name: 'inner', rate: 0.2 },
    { type: 'globalAveragePool' },
    { type: 'flatten' },
    { type: 'dropout', name: 'outer' },
    { type: 'dense', name: 'fc', units: 'classes' },
  ],
};

const FIT: CnnFitOptions = {
  ...{ epochs: 2, batchSize: 10, labelSmoothing: 0.1, gradientClipping: 0.5 },
  optimizer: adamW(),
  schedule: cosineSchedule({ learningRate: 0.01, warmupSteps: 2 }),
};

function peer(version: number): CnnAdapter {
  return createPeerAdapter({
    ...{ id: 'fake', displayName: 'Fake', family: 'cnn', backends: ['cpu'], install: '' },
    command: ['{node}', 'faulty-cnn-peer.mjs', 'none'],
    environment: { DLCMP_TEST_VERSION: `${version}` },
    directory: fileURLToPath(new URL('./fixtures', import.meta.url)),
  }) as CnnAdapter;
}

let open: CnnClassifier[] = [];

async function create(adapter: CnnAdapter, network?: NetworkDescription): Promise<CnnClassifier> {
  const classifier = await adapter.create({ ...CONTRACT_SPEC, ...(network && { network }) });
  open.push(classifier);
  return classifier;
}

afterEach(async () => {
  await Promise.all(open.map((classifier) => classifier.dispose()));
  open = [];
});

describe('a peer of version 2', () => {
  it('trains any network, with its masks, schedule, clipping and smoothing, as in this process', async () => {
    const [there, here] = [
      await create(peer(2), NETWORK),
      await create(createReferenceCnn(), NETWORK),
    ];
    await there.fit(noiseImages(), FIT);
    await here.fit(noiseImages(), FIT);
    expect(await there.getWeights()).toEqual(await here.getWeights());
    const { pixels, count } = noiseProbes();
    expect(await there.predictLogits(pixels, count)).toEqual(
      await here.predictLogits(pixels, count),
    );
  });

  it('keeps no checkpoints, and says so before it trains', async () => {
    const classifier = await create(peer(2), NETWORK);
    const fit = classifier.fit(noiseImages(), { ...FIT, checkpoint: { path: '/nowhere/at/all' } });
    await expect(fit).rejects.toThrow(/trains in a process of its own and keeps no checkpoints/);
  });
});

describe('a peer of version 1', () => {
  it('is refused another network by the name of its node', async () => {
    await expect(create(peer(1), NETWORK)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(
        /two-masks.*version 1.*its node "conv", conv2d, is none of simple-cnn's/,
      ),
    });
  });

  it.each<[string, CnnFitOptions, RegExp]>([
    ['an optimiser that it has not', { optimizer: adamW() }, /trains with adam, not with adamW/],
    ['clipping', { gradientClipping: 1 }, /cannot clip gradients/],
    ['label smoothing', { labelSmoothing: 0.1 }, /without weight decay and label smoothing/],
    [
      'a rate that changes within an epoch',
      { schedule: cosineSchedule({ learningRate: 0.01 }) },
      /an epoch at one learning rate/,
    ],
  ])('refuses %s', async (_name, options, reason) => {
    const classifier = await create(peer(1));
    await expect(classifier.fit(noiseImages(), { batchSize: 10, ...options })).rejects.toThrow(
      reason,
    );
  });
});
