import { readFileSync } from 'node:fs';
import {
  adam,
  adamW,
  type CnnClassifier,
  type CnnFitOptions,
  type LabelledImages,
  type ModelSpec,
  type NetworkDescription,
  type TrainedLayers,
  type Weights,
} from '@dlcmp/contract';
import { expect } from '@jest/globals';

/** What PyTorch made of a small network whose last layers alone were trained: `record-frozen-layers.py` wrote it. */
interface Recorded {
  readonly pixels: readonly number[];
  readonly labels: readonly number[];
  readonly weights: RecordedWeights;
  readonly head: RecordedFit;
  readonly 'last:2': RecordedFit;
  /** All layers, the head at a rate of its own. */
  readonly adamW: RecordedFit;
  readonly adam: RecordedFit;
}

type RecordedWeights = Readonly<Record<string, { shape: number[]; data: number[] }>>;

interface RecordedFit {
  readonly losses: readonly number[];
  readonly weights: RecordedWeights;
}

const NETWORK: NetworkDescription = {
  schemaVersion: 1,
  name: 'tiny',
  nodes: [
    { type: 'conv2d', name: 'conv1', channels: 4, kernelSize: 3, padding: 1, bias: false },
    { type: 'batchNorm', name: 'bn1' },
    { type: 'relu' },
    { type: 'maxPool', kernelSize: 2 },
    { type: 'conv2d', name: 'conv2', channels: 6, kernelSize: 3, padding: 1, bias: false },
    { type: 'batchNorm', name: 'bn2' },
    { type: 'relu' },
    { type: 'globalAveragePool' },
    { type: 'flatten' },
    { type: 'dense', name: 'fc', units: 'classes' },
  ],
};

const recorded: Recorded = JSON.parse(
  readFileSync(new URL('frozen-layers.json', import.meta.url), 'utf8'),
);

/** As PyTorch was trained: one batch an epoch. */
export function recordedOptions(train: TrainedLayers): CnnFitOptions {
  return {
    train,
    epochs: 6,
    batchSize: 12,
    optimizer: adamW(),
    schedule: { kind: 'cosine', learningRate: 0.02 },
    labelSmoothing: 0.1,
  };
}

export function recordedImages(): LabelledImages {
  return {
    pixels: Uint8Array.from(recorded.pixels),
    labels: Int32Array.from(recorded.labels),
    count: recorded.labels.length,
  };
}

function toWeights(weights: RecordedWeights): Weights {
  const entries = Object.entries(weights).map(([name, { shape, data }]) => [
    name,
    { shape, data: Float32Array.from(data) },
  ]);
  return Object.fromEntries(entries);
}

/** The network with the weights that PyTorch began with. */
export function recordedSpec(): ModelSpec {
  return {
    ...{ inputHeight: 8, inputWidth: 8, classNames: ['a', 'b', 'c'], seed: 3, network: NETWORK },
    initialWeights: toWeights(recorded.weights),
  };
}

/** All layers, the head faster than the others. */
export const HEAD_RATE_FITS = {
  adamW: { ...recordedOptions('all'), augmentation: 'none', headLearningRate: 0.05 },
  adam: {
    ...{ ...recordedOptions('all'), augmentation: 'none', headLearningRate: 0.05 },
    optimizer: adam(),
  },
} as const satisfies Record<string, CnnFitOptions>;

/** Trains `classifier`, holds losses and weights against PyTorch's, and disposes it. */
export async function expectAsPyTorch(
  classifier: CnnClassifier,
  fit: 'head' | 'last:2' | keyof typeof HEAD_RATE_FITS,
): Promise<void> {
  const options = fit === 'head' || fit === 'last:2' ? recordedOptions(fit) : HEAD_RATE_FITS[fit];
  const losses: number[] = [];
  await classifier.fit(recordedImages(), {
    ...options,
    onEpochEnd: ({ trainLoss }) => void losses.push(trainLoss),
  });
  const trained = await classifier.getWeights();
  await classifier.dispose();
  const expected = recorded[fit];
  expect(largestDifference(Float32Array.from(losses), expected.losses)).toBeLessThan(1e-5);
  for (const [name, { data }] of Object.entries(recorded.weights)) {
    const now = (trained[name] as Weights[string]).data;
    const own = expected.weights[name];
    if (own) expect(largestDifference(now, own.data)).toBeLessThan(1e-4);
    else expect(largestDifference(now, data)).toBe(0);
  }
}

export function largestDifference(a: Float32Array, b: readonly number[]): number {
  return b.reduce((most, value, at) => Math.max(most, Math.abs(value - (a[at] as number))), 0);
}
