import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cnnOnnx } from '@dlcmp/cnn-onnx';
import { cnnTfjs } from '@dlcmp/cnn-tfjs';
import { type CnnFitOptions, pixelsInMemory, type Weights } from '@dlcmp/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  expectAsPyTorch,
  largestDifference,
  recordedImages,
  recordedOptions,
  recordedSpec,
} from './recorded-fits';

const ENGINES = {
  'onnx:graph': { adapter: cnnOnnx, engine: 'graph' },
  'tfjs:stock': { adapter: cnnTfjs, engine: 'stock' },
  'tfjs:tuned': { adapter: cnnTfjs, engine: 'tuned' },
} as const;

type Contender = keyof typeof ENGINES;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlcmp-frozen-'));
});

afterAll(() => rm(folder, { recursive: true }));

function open(contender: Contender) {
  const { adapter, engine } = ENGINES[contender];
  return adapter.create(recordedSpec(), { engine, threads: 1 });
}

describe.each(Object.keys(ENGINES) as Contender[])('%s', (contender) => {
  it.each(['head', 'last:2'] as const)('trains %s as PyTorch does', async (train) =>
    expectAsPyTorch(await open(contender), train),
  );

  it.each(['adam', 'adamW'] as const)(
    'gives the head a rate of its own, with %s as PyTorch does',
    async (fit) => expectAsPyTorch(await open(contender), fit),
  );
});

describe.each(['onnx:graph', 'tfjs:stock'] as const)('%s with images held back', (contender) => {
  it.each(['head', 'all'] as const)('ends %s with the best epoch', async (train) => {
    const classifier = await open(contender);
    const epochs: Weights[] = [];
    let best = 0;
    const options = { ...recordedOptions(train), validation: 0.34, epochs: 12, batchSize: 3 };
    const { details } = await classifier.fit(recordedImages(), {
      ...{ ...options, patience: 2, schedule: { kind: 'constant', learningRate: 0.3 } },
      onEpochEnd: async ({ epoch, validation }) => {
        epochs.push(await classifier.getWeights());
        if (validation?.isBest) best = epoch;
      },
    });
    const trained = await classifier.getWeights();
    await classifier.dispose();
    expect(details.bestEpoch).toBe(best);
    expect(epochs).toHaveLength(best + 2);
    expect(trained).toEqual(epochs[best - 1]);
  });
});

describe.each(['onnx:graph', 'tfjs:tuned'] as const)('%s between epochs', (contender) => {
  it('answers as the model does, and fetches each image once', async () => {
    const classifier = await open(contender);
    const fetched: number[] = [];
    const { pixels, labels, count } = recordedImages();
    const source = pixelsInMemory(pixels, count, { inputHeight: 8, inputWidth: 8 });
    const read = (indices: ArrayLike<number>, into: Uint8Array) => {
      fetched.push(...Array.from(indices));
      source.read(indices, into);
    };
    const counted = { pixels: { ...source, read }, labels, count };
    const apart: number[] = [];
    await classifier.fit(counted, {
      ...recordedOptions('head'),
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
      await classifier.fit(recordedImages(), {
        ...recordedOptions('last:2'),
        batchSize: 5,
        ...more,
      });
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

  it('goes on to the same bits where images are held back, the best epoch among those before', async () => {
    const path = join(folder, 'held.checkpoint');
    const kept: string[] = [];
    const validation = { epochs: 12, validation: 0.25, patience: 3, checkpoint: { path } };
    const losses: number[] = [];
    const unbroken = await whole({
      ...validation,
      onEpochEnd: async ({ epoch, validation }) => {
        losses.push(validation?.loss as number);
        if (epoch === 1) return;
        kept.push(join(folder, `held-${epoch}.checkpoint`));
        await copyFile(path, kept.at(-1) as string);
      },
    });
    const best = losses.indexOf(Math.min(...losses));
    expect(losses).toHaveLength(Math.min(12, best + 4));
    for (const resumeFrom of [path, ...kept]) {
      const { checkpoint, ...same } = validation;
      expect(await whole({ ...same, resumeFrom })).toEqual(unbroken);
    }
  });

  it('refuses other images', async () => {
    const path = join(folder, 'other.checkpoint');
    await whole({ epochs: 6, checkpoint: { path } });
    const classifier = await open('onnx:graph');
    const { pixels, ...rest } = recordedImages();
    pixels[7] = (pixels[7] as number) ^ 1;
    const going = { ...recordedOptions('last:2'), batchSize: 5, resumeFrom: path };
    await expect(classifier.fit({ pixels, ...rest }, going)).rejects.toThrow('different images');
    await classifier.dispose();
  });
});
