import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cnnOnnx } from '@dlcmp/cnn-onnx';
import { cnnTfjs } from '@dlcmp/cnn-tfjs';
import {
  adamW,
  type CnnFitOptions,
  type NetworkDescription,
  pixelsInMemory,
  type TrainedLayers,
  type Weights,
} from '@dlcmp/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** Written by `record-frozen-layers.py`. */
interface Recorded {
  readonly pixels: readonly number[];
  readonly labels: readonly number[];
  readonly weights: RecordedWeights;
  readonly head: RecordedFit;
  readonly 'last:2': RecordedFit;
}

type RecordedWeights = Readonly<Record<string, { shape: number[]; data: number[] }>>;

interface RecordedFit {
  readonly losses: readonly number[];
  readonly weights: RecordedWeights;
}

const network: NetworkDescription = {
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

const ENGINES = {
  'onnx:graph': { adapter: cnnOnnx, engine: 'graph' },
  'tfjs:stock': { adapter: cnnTfjs, engine: 'stock' },
  'tfjs:tuned': { adapter: cnnTfjs, engine: 'tuned' },
} as const;

type Contender = keyof typeof ENGINES;

let recorded: Recorded;
let folder: string;

beforeAll(async () => {
  recorded = JSON.parse(await readFile(new URL('frozen-layers.json', import.meta.url), 'utf8'));
  folder = await mkdtemp(join(tmpdir(), 'dlcmp-frozen-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** As PyTorch was trained: one batch an epoch. */
function options(train: TrainedLayers): CnnFitOptions {
  return {
    train,
    epochs: 6,
    batchSize: 12,
    optimizer: adamW(),
    schedule: { kind: 'cosine', learningRate: 0.02 },
    labelSmoothing: 0.1,
  };
}

function images() {
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

function open(contender: Contender) {
  const { adapter, engine } = ENGINES[contender];
  return adapter.create(
    {
      ...{ inputHeight: 8, inputWidth: 8, classNames: ['a', 'b', 'c'], seed: 3, network },
      initialWeights: toWeights(recorded.weights),
    },
    { engine, threads: 1 },
  );
}

function largestDifference(a: Float32Array, b: readonly number[]): number {
  return b.reduce((most, value, at) => Math.max(most, Math.abs(value - (a[at] as number))), 0);
}

describe.each(Object.keys(ENGINES) as Contender[])('%s', (contender) => {
  it.each(['head', 'last:2'] as const)('trains %s as PyTorch does', async (train) => {
    const classifier = await open(contender);
    const losses: number[] = [];
    await classifier.fit(images(), {
      ...options(train),
      onEpochEnd: ({ trainLoss }) => void losses.push(trainLoss),
    });
    const trained = await classifier.getWeights();
    await classifier.dispose();
    const expected = recorded[train];
    expect(largestDifference(Float32Array.from(losses), expected.losses)).toBeLessThan(1e-5);
    for (const [name, { data }] of Object.entries(recorded.weights)) {
      const now = (trained[name] as Weights[string]).data;
      const own = expected.weights[name];
      if (own) expect(largestDifference(now, own.data)).toBeLessThan(1e-4);
      else expect(largestDifference(now, data)).toBe(0);
    }
  });
});

describe.each(['onnx:graph', 'tfjs:tuned'] as const)('%s between epochs', (contender) => {
  it('answers as the model does, and fetches each image once', async () => {
    const classifier = await open(contender);
    const fetched: number[] = [];
    const { pixels, labels, count } = images();
    const source = pixelsInMemory(pixels, count, { inputHeight: 8, inputWidth: 8 });
    const read = (indices: ArrayLike<number>, into: Uint8Array) => {
      fetched.push(...Array.from(indices));
      source.read(indices, into);
    };
    const counted = { pixels: { ...source, read }, labels, count };
    const apart: number[] = [];
    await classifier.fit(counted, {
      ...options('head'),
      onEpochEnd: async ({ predict }) => {
        const answers = await predict?.(counted);
        const own = await classifier.predict(pixels, count);
        apart.push(largestDifference(answers as Float32Array, [...own]));
      },
    });
    await classifier.dispose();
    expect(fetched.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => at));
    expect(apart).toHaveLength(6);
    expect(Math.max(...apart)).toBeLessThan(1e-6);
  });
});

describe('a fit of the last layers that is broken off', () => {
  const whole = async (more: CnnFitOptions) => {
    const classifier = await open('onnx:graph');
    try {
      await classifier.fit(images(), { ...options('last:2'), batchSize: 5, ...more });
      return await classifier.getWeights();
    } finally {
      await classifier.dispose();
    }
  };

  it('goes on to the same bits, wherever it was', async () => {
    const path = join(folder, 'run.checkpoint');
    const kept: string[] = [];
    const keep = async () => {
      kept.push(join(folder, `${kept.length}.checkpoint`));
      await copyFile(path, kept.at(-1) as string).catch(() => kept.pop());
    };
    const unbroken = await whole({ checkpoint: { path, everySteps: 1 }, onEpochEnd: keep });
    expect(kept.length).toBeGreaterThan(4);
    for (const resumeFrom of kept) expect(await whole({ resumeFrom })).toEqual(unbroken);
  });

  it('refuses other images', async () => {
    const path = join(folder, 'other.checkpoint');
    await whole({ epochs: 6, checkpoint: { path } });
    const classifier = await open('onnx:graph');
    const { pixels, ...rest } = images();
    pixels[7] = (pixels[7] as number) ^ 1;
    const going = { ...options('last:2'), batchSize: 5, resumeFrom: path };
    await expect(classifier.fit({ pixels, ...rest }, going)).rejects.toThrow('different images');
    await classifier.dispose();
  });
});
