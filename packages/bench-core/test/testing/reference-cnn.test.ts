import {
  createGenerator,
  drawNetworkWeights,
  elementCount,
  type ModelSpec,
  type Network,
  type NetworkDescription,
  networkOf,
  type TrainingBatch,
} from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../../tooling/recorded-trajectories';
import type { ParityErrors } from '../../src/parity/compare-outcomes';
import { replayRecording } from '../../src/parity/replay-recording';
import { ReferenceNetwork } from '../../src/reference-network/reference-network';
import { createReferenceCnn } from '../../src/testing';
import { CONTRACT_SPEC } from '../../src/testing/contract-data';

/** Logits, gradients and weights pass through float32; losses stay float64. */
const TOLERANCE: ParityErrors = {
  logits: 1e-6,
  losses: 1e-12,
  gradients: 1e-6,
  finalWeights: 1e-6,
};

describe.each(RECORDED_TRAJECTORIES)(
  'the reference CNN against the trajectory %s of PyTorch',
  (_, directory) => {
    it('gets the recorded logits, losses, gradients and weights', async () => {
      const replayed = replayRecording(createReferenceCnn(), directory, {}, TOLERANCE);
      expect(await replayed).toMatchObject({ withinTolerance: true });
    });
  },
);

/** Every type of node, small enough for finite differences; no activation's corner lies near a value. */
const EVERY_NODE: NetworkDescription = {
  schemaVersion: 1,
  name: 'every-node',
  nodes: [
    {
      name: 'stem',
      type: 'conv2d',
      channels: 4,
      kernelSize: [3, 2],
      stride: [2, 1],
      padding: 'same',
    },
    { name: 'norm', type: 'batchNorm' },
    { name: 'act', type: 'silu' },
    {
      name: 'deep',
      type: 'conv2d',
      channels: 8,
      kernelSize: 3,
      groups: 4,
      dilation: 2,
      padding: { top: 2, bottom: 1, left: 2, right: 3 },
    },
    { name: 'soft', type: 'gelu' },
    { name: 'pool', type: 'maxPool', kernelSize: 3, stride: 2, padding: 1 },
    {
      name: 'side',
      type: 'averagePool',
      kernelSize: 3,
      stride: 2,
      padding: 1,
      countPadding: false,
      inputs: ['soft'],
    },
    { name: 'both', type: 'concat', inputs: ['pool', 'side'] },
    { name: 'squeeze', type: 'globalAveragePool' },
    { name: 'gate', type: 'conv2d', channels: 16, kernelSize: 1, bias: false },
    { name: 'open', type: 'sigmoid' },
    { name: 'gated', type: 'multiply', inputs: ['both', 'open'] },
    { name: 'tanh', type: 'gelu', approximation: 'tanh' },
    { name: 'swish', type: 'hardSwish' },
    { name: 'leak', type: 'leakyRelu', negativeSlope: 0.2 },
    { name: 'sum', type: 'add', inputs: ['leak', 'gated'] },
    { name: 'mean', type: 'averagePool', kernelSize: 2, padding: 1 },
    { type: 'flatten' },
    { name: 'hidden', type: 'dense', units: 7, bias: false },
    { name: 'cut', type: 'relu6' },
    { name: 'dropout', type: 'dropout', rate: 0.25 },
    { name: 'head', type: 'dense', units: 'classes' },
  ],
};

describe('the gradients of the reference network', () => {
  it.each([
    ['simple-cnn', CONTRACT_SPEC],
    [
      'every type of node',
      { ...CONTRACT_SPEC, inputHeight: 9, inputWidth: 8, network: EVERY_NODE },
    ],
  ])('are the slopes of its loss, at every seventh weight of %s', (_, spec) => {
    const network = networkOf(spec as ModelSpec);
    const reference = new ReferenceNetwork(network);
    reference.write(drawNetworkWeights(network, spec.seed));
    const batch = batchFor(network);
    const loss = () => reference.differentiate(batch, 0.1);
    loss();
    const gradients = [...reference.parameters].map(
      ([name, { gradient }]) => [name, gradient.slice()] as const,
    );
    const lossWith = (weights: Float64Array, at: number, value: number) => {
      const kept = weights[at] as number;
      weights[at] = value;
      const found = loss();
      weights[at] = kept;
      return found;
    };
    for (const [name, gradient] of gradients) {
      const { value: weights } = reference.parameters.get(name) as { value: Float64Array };
      for (let at = 0; at < weights.length; at += 7) {
        const weight = weights[at] as number;
        const rise = lossWith(weights, at, weight + 1e-6) - lossWith(weights, at, weight - 1e-6);
        expect(Math.abs(rise / 2e-6 - (gradient[at] as number))).toBeLessThan(1e-6);
      }
    }
  });
});

/** Three images of noise, with masks that keep three values of four. */
function batchFor(network: Network): TrainingBatch {
  const size = 3;
  const generator = createGenerator(11, 'noise');
  const bytes = size * network.inputHeight * network.inputWidth * 3;
  const masks = Object.entries(network.masks).map(([name, { shape }]) => [
    name,
    Uint8Array.from({ length: size * elementCount(shape) }, (_, at) => (at % 4 ? 1 : 0)),
  ]);
  return {
    pixels: Uint8Array.from({ length: bytes }, () => (generator.next() >>> 0) % 256),
    labels: Int32Array.of(0, 2, 1),
    masks: Object.fromEntries(masks),
    size,
  };
}
