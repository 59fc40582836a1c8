import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkOf } from '@dlcmp/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  adamW,
  cnnOnnx,
  constantSchedule,
  cosineSchedule,
  createSequentialClassifier,
  loadSequentialClassifier,
  sgd,
} from '../src/index';
import { createCountingRuntime } from './counting-runtime';
import { SMALL_SEQUENTIAL } from './small-network';
import { SMALL_SPEC, smallImages } from './small-spec';

const images = smallImages(30);
const HALF_STEPS = { epochs: 3, batchSize: 8 };
const LEARNING = {
  optimizer: adamW({ weightDecay: 0.05 }),
  schedule: cosineSchedule({ learningRate: 0.02, warmupSteps: 2 }),
  labelSmoothing: 0.1,
  gradientClipping: 1,
};
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sequential-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function accuracyOf(classifier: {
  predict(pixels: Uint8Array, count: number): Promise<Float32Array>;
}) {
  const probabilities = await classifier.predict(images.pixels, images.count);
  const classes = SMALL_SPEC.classNames.length;
  const right = images.labels.filter((label, index) => {
    const row = probabilities.subarray(index * classes, (index + 1) * classes);
    return row.indexOf(Math.max(...row)) === label;
  });
  return right.length / images.count;
}

describe('a sequential classifier', () => {
  it('learns, with every kind of layer', async () => {
    const classifier = await createSequentialClassifier(SMALL_SEQUENTIAL);
    const losses: number[] = [];
    await classifier.fit(images, {
      schedule: constantSchedule(0.02),
      epochs: 40,
      batchSize: 8,
      onEpochEnd: ({ trainLoss }) => void losses.push(trainLoss),
    });
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 2);
    expect(await accuracyOf(classifier)).toBeGreaterThan(0.9);
    await classifier.dispose();
  });

  it('trains the nodes of simple-cnn in the engine of the adapter, to its numbers', async () => {
    const { nodes } = networkOf(SMALL_SPEC).description;
    const classifier = await createSequentialClassifier({
      ...{ ...SMALL_SEQUENTIAL, threads: 1, layers: nodes },
    });
    const adapter = await cnnOnnx.create(SMALL_SPEC, { threads: 1 });
    expect(await classifier.getWeights()).toEqual(await adapter.getWeights());
    const [{ details }, expected] = [
      await classifier.fit(images, HALF_STEPS),
      await adapter.fit(images, HALF_STEPS),
    ];
    expect(details.engine).toBe('blocks');
    expect(details).toEqual(expected.details);
    expect(await classifier.getWeights()).toEqual(await adapter.getWeights());
    await classifier.dispose();
    await adapter.dispose();
  });

  it('resumes from a checkpoint to bitwise the same weights', async () => {
    const spec = { ...SMALL_SEQUENTIAL, threads: 1 };
    const options = { ...HALF_STEPS, ...LEARNING };
    const whole = await createSequentialClassifier(spec);
    const wholeLosses: number[] = [];
    await whole.fit(images, {
      ...options,
      onEpochEnd: ({ trainLoss }) => void wholeLosses.push(trainLoss),
    });
    const path = join(directory, 'run.safetensors');
    const broken = await createSequentialClassifier(spec);
    const controller = new AbortController();
    const run = broken.fit(images, {
      ...options,
      signal: controller.signal,
      checkpoint: { path, everySteps: 3 },
      // The checkpoint of step 6 lies two steps into the second epoch of four.
      onProgress: ({ completed }) => completed === 7 && controller.abort(),
    });
    await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
    await broken.dispose();

    const resumed = await createSequentialClassifier(spec);
    const steps: number[] = [];
    const losses: number[] = [];
    await resumed.fit(images, {
      ...options,
      resumeFrom: path,
      onProgress: ({ completed }) => void steps.push(completed),
      onEpochEnd: ({ trainLoss }) => void losses.push(trainLoss),
    });
    expect(steps[0]).toBe(7);
    expect(losses).toEqual(wholeLosses.slice(1));
    expect(await resumed.getWeights()).toEqual(await whole.getWeights());
    await expect(
      resumed.fit(images, { ...options, batchSize: 10, resumeFrom: path }),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('batchSize: 8 there, 10 here'),
    });
    await resumed.dispose();
    await whole.dispose();
  });

  it('is the same after save and load, running statistics included', async () => {
    const classifier = await createSequentialClassifier(SMALL_SEQUENTIAL);
    await classifier.fit(images, { ...HALF_STEPS, ...LEARNING });
    const statistics = (await classifier.getWeights())['bn1.running_mean'];
    expect(statistics?.data.some((value) => value !== 0)).toBe(true);
    const model = join(directory, 'model');
    await classifier.save(model);
    const loaded = await loadSequentialClassifier(model);
    expect(loaded.classNames).toEqual(SMALL_SPEC.classNames);
    expect(await loaded.getWeights()).toEqual(await classifier.getWeights());
    expect(await loaded.predict(images.pixels, images.count)).toEqual(
      await classifier.predict(images.pixels, images.count),
    );
    await classifier.dispose();
    await loaded.dispose();
    await expect(loadSequentialClassifier(directory)).rejects.toMatchObject({
      code: 'INVALID_FILE',
    });
  });

  it('trains beside another in the same process as if alone', async () => {
    const create = () => createSequentialClassifier({ ...SMALL_SEQUENTIAL, threads: 1 });
    const [alone, left, right] = [await create(), await create(), await create()];
    await alone.fit(images, HALF_STEPS);
    await Promise.all([left.fit(images, HALF_STEPS), right.fit(images, HALF_STEPS)]);
    const expected = await alone.getWeights();
    expect(await left.getWeights()).toEqual(expected);
    expect(await right.getWeights()).toEqual(expected);
    await Promise.all([alone, left, right].map((classifier) => classifier.dispose()));
  });

  it('stops within one step when aborted or disposed, and frees every session', async () => {
    for (const stop of ['ABORTED', 'DISPOSED'] as const) {
      const { module, open } = createCountingRuntime();
      const classifier = await createSequentialClassifier({
        ...SMALL_SEQUENTIAL,
        onnxruntime: module,
      });
      const controller = new AbortController();
      let steps = 0;
      const fit = classifier.fit(images, {
        ...HALF_STEPS,
        signal: controller.signal,
        onProgress: () => {
          steps++;
          if (steps !== 3) return;
          if (stop === 'ABORTED') controller.abort();
          else void classifier.dispose();
        },
      });
      await expect(fit).rejects.toMatchObject({ code: stop });
      expect(steps).toBe(3);
      await classifier.dispose();
      expect(open.size).toBe(0);
    }
  });
});

describe('a sequential classifier that diverges', () => {
  const diverge = async (spec: object, options: object): Promise<Error> => {
    const classifier = await createSequentialClassifier({ ...SMALL_SEQUENTIAL, ...spec });
    const fitting = classifier.fit(images, { ...HALF_STEPS, ...options });
    const error = await fitting.then(
      () => new Error('It did not diverge.'),
      (reason) => reason,
    );
    await classifier.dispose();
    return error;
  };

  it('names the step and the learning rate', async () => {
    const error = await diverge({}, { optimizer: sgd(), schedule: constantSchedule(1e30) });
    expect(error).toMatchObject({
      code: 'DIVERGED',
      message: expect.stringMatching(/at step 2 \(epoch 1\).*learning rate, 1e\+30/),
    });
  });

  it('says so where the initial weights are to blame', async () => {
    const classifier = await createSequentialClassifier(SMALL_SEQUENTIAL);
    const initialWeights = await classifier.getWeights();
    await classifier.dispose();
    initialWeights['fc.weight']?.data.fill(Number.NaN, 3, 4);
    await expect(
      createSequentialClassifier({ ...SMALL_SEQUENTIAL, initialWeights }),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/fc\.weight of initialWeights holds NaN/),
    });
  });
});

describe('createSequentialClassifier', () => {
  it.each([
    [{ layers: [{ type: 'flatten' }, { type: 'dense', name: 'fc', units: 5 }] }, '3 classes'],
    [{ layers: [{ type: 'tanh' }] }, 'tanh'],
    [{ layers: undefined, nodes: [] }, 'needs layers'],
    [{ classNames: ['one'] }, 'classNames'],
    [{ threads: 0 }, 'threads'],
    [{ initialWeights: {} }, 'conv1.weight is missing'],
    [{ seed: -1 }, 'seed'],
  ])('refuses %o', async (options, reason) => {
    await expect(
      createSequentialClassifier({ ...SMALL_SEQUENTIAL, ...(options as object) }),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(reason),
    });
  });

  it('answers before fit from given weights only', async () => {
    const classifier = await createSequentialClassifier(SMALL_SEQUENTIAL);
    await expect(classifier.predict(images.pixels, images.count)).rejects.toMatchObject({
      code: 'NOT_FITTED',
    });
    for (const [name, value] of [
      ['epochs', 0],
      ['gradientClipping', 0],
      ['labelSmoothing', 1],
    ] as const) {
      await expect(classifier.fit(images, { [name]: value })).rejects.toThrow(name);
    }
    await classifier.dispose();
    await expect(classifier.predict(images.pixels, images.count)).rejects.toMatchObject({
      code: 'DISPOSED',
    });
  });
});
