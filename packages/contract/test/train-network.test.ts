import { describe, expect, it } from '@jest/globals';
import {
  BEGINNING,
  type CnnFitOptions,
  createTrainingPlan,
  createTrainingRun,
  epochBatches,
  type FitProgress,
  type LabelledImages,
  type ModelSpec,
  networkOf,
  simpleCnn,
  type TrainingBatch,
  trainNetwork,
} from '../src';

const spec: ModelSpec = {
  inputHeight: 8,
  inputWidth: 8,
  classNames: ['forest', 'glacier'],
  seed: 3,
  network: simpleCnn({ channels: [1, 1, 1], hiddenUnits: 4, dropoutRate: 0.5 }),
};

const images: LabelledImages = {
  pixels: Uint8Array.from({ length: 5 * 192 }, (_, at) => at % 251),
  labels: Int32Array.of(0, 1, 0, 1, 1),
  count: 5,
};

type TrainStep = (batch: TrainingBatch) => Promise<number | { read(): Promise<number> }>;

/** The loop over a model whose losses are `trainStep`'s and which is sound whatever it learns. */
async function train(
  of: ModelSpec,
  on: LabelledImages,
  withOptions: CnnFitOptions,
  trainStep: TrainStep,
): Promise<void> {
  const run = createTrainingRun(networkOf(of), of.seed, on, withOptions);
  await trainNetwork(run, BEGINNING, {
    async step(batch) {
      const loss = await trainStep(batch);
      return typeof loss === 'number'
        ? { loss }
        : { read: async () => ({ loss: await loss.read() }) };
    },
    weights: async () => ({}),
    assertConverged: async () => undefined,
    checkpoint: async () => undefined,
  });
}

/** Two epochs of batches of 2, 2 and 1. */
const options: CnnFitOptions = { epochs: 2, batchSize: 2 };

describe('trainNetwork', () => {
  it("hands over the plan's batches, epoch by epoch, flipped by default", async () => {
    const batches: TrainingBatch[] = [];
    await train(spec, images, options, async (batch) =>
      batches.push({ ...batch, pixels: batch.pixels.slice() }),
    );
    const plan = createTrainingPlan({
      seed: 3,
      imageCount: 5,
      batchSize: 2,
      augmentation: 'horizontal-flip',
      masks: networkOf(spec).masks,
    });
    const planned = [1, 2].flatMap((epoch) => [...epochBatches(plan, epoch, images, spec)]);
    expect(batches).toEqual(planned);
  });

  it('leaves a batch alone until its step is done, and then takes its memory for the next but one', async () => {
    const seen: { pixels: Uint8Array; before: Uint8Array }[] = [];
    await train(spec, images, options, async ({ pixels }) => {
      const before = pixels.slice();
      await new Promise(setImmediate);
      expect(pixels).toEqual(before);
      return seen.push({ pixels, before });
    });
    expect(seen[0]?.pixels.buffer).toBe(seen[2]?.pixels.buffer);
    expect(seen[0]?.pixels.buffer).not.toBe(seen[1]?.pixels.buffer);
  });

  it('trains ten epochs in batches of 32 where nothing else is said', async () => {
    const sizes: number[] = [];
    await train(spec, images, {}, async ({ size }) => sizes.push(size));
    expect(sizes).toEqual(new Array(10).fill(5));
  });

  it('reports each step with its loss', async () => {
    const reports: FitProgress[] = [];
    let loss = 1;
    const onProgress = (progress: FitProgress) => reports.push(progress);
    await train(spec, images, { ...options, onProgress }, async () => loss++);
    expect(reports).toEqual(
      [1, 1, 1, 2, 2, 2].map((epoch, index) => ({
        unit: 'step',
        completed: index + 1,
        total: 6,
        epoch,
        loss: index + 1,
        losses: [index + 1],
      })),
    );
  });

  it('reads deferred losses 32 steps at a time, and the rest where an epoch ends', async () => {
    const many = {
      ...images,
      pixels: new Uint8Array(70 * 192),
      labels: new Int32Array(70),
      count: 70,
    };
    let started = 0;
    const readAfter: number[] = [];
    const reports: (number | undefined)[] = [];
    const results: unknown[] = [];
    await train(
      spec,
      many,
      {
        epochs: 1,
        batchSize: 2,
        onProgress: ({ loss }) => reports.push(loss),
        onEpochEnd: (result) => void results.push(result),
      },
      async () => {
        const loss = ++started;
        return {
          read: async () => {
            readAfter.push(started);
            return loss;
          },
        };
      },
    );
    expect(readAfter).toEqual([...Array(32).fill(32), 35, 35, 35]);
    expect(reports).toEqual([...Array(31).fill(undefined), 32, undefined, undefined, 35]);
    expect(results).toEqual([{ epoch: 1, trainLoss: 18 }]);
  });

  it('names the step whose deferred loss is not finite', async () => {
    const losses = [1, Number.NaN, 1];
    const training = train(spec, images, options, async () => {
      const loss = losses.shift() as number;
      return { read: async () => loss };
    });
    await expect(training).rejects.toThrow('step 2 (epoch 1)');
  });

  it("weighs an epoch's mean loss by the sizes of its batches", async () => {
    const losses = [1, 2, 6, 1, 1, 1];
    const results: unknown[] = [];
    const onEpochEnd = (result: unknown) => void results.push(result);
    const trainStep = async () => losses.shift() as number;
    await train(spec, images, { ...options, onEpochEnd }, trainStep);
    expect(results).toEqual([
      { epoch: 1, trainLoss: (2 * 1 + 2 * 2 + 6) / 5 },
      { epoch: 2, trainLoss: 1 },
    ]);
  });

  it('gathers the next batch while a step computes', async () => {
    const events: string[] = [];
    const watched = {
      ...images,
      get labels() {
        events.push('gather');
        return images.labels;
      },
    };
    let finish = () => {};
    const training = train(spec, watched, { epochs: 1, batchSize: 3 }, (batch) => {
      events.splice(0, events.length, `step of ${batch.size}`);
      return new Promise((resolve) => {
        finish = () => resolve(1);
      });
    });
    expect(events[0]).toBe('step of 3');
    expect(events).toContain('gather');
    finish();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(events).toEqual(['step of 2']);
    finish();
    await training;
  });

  it('lets a timer abort a step that never leaves the thread', async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    let steps = 0;
    const training = train(
      spec,
      images,
      { epochs: 1000, signal: controller.signal },
      async () => steps++,
    );
    await expect(training).rejects.toMatchObject({ code: 'ABORTED' });
    expect(steps).toBeLessThan(5);
  });

  it('stops before the next step once its signal fires', async () => {
    const controller = new AbortController();
    let steps = 0;
    const training = train(spec, images, { ...options, signal: controller.signal }, async () => {
      if (++steps === 2) controller.abort();
      return 1;
    });
    await expect(training).rejects.toMatchObject({ code: 'ABORTED' });
    expect(steps).toBe(2);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('stops at a loss of %d', async (loss) => {
    const losses = [1, 1, 1, loss];
    const reports: FitProgress[] = [];
    const onProgress = (progress: FitProgress) => reports.push(progress);
    const trainStep = async () => losses.shift() as number;
    const training = train(spec, images, { ...options, onProgress }, trainStep);
    await expect(training).rejects.toMatchObject({
      code: 'DIVERGED',
      message: expect.stringMatching(
        new RegExp(
          `^The loss became ${loss} at step 4 \\(epoch 2\\)\\. .*learning rate.*Try a tenth of it`,
        ),
      ),
    });
    expect(reports).toHaveLength(3);
  });

  it.each<[string, Partial<CnnFitOptions>]>([
    ['epochs', { epochs: 0 }],
    ['epochs', { epochs: 1.5 }],
    ['batchSize', { batchSize: 0 }],
    ['augmentation', { augmentation: 'vertical-flip' as 'none' }],
  ])('refuses a bad %s before the first step', async (name, changes) => {
    let steps = 0;
    const training = train(spec, images, { ...options, ...changes }, async () => steps++);
    await expect(training).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(name),
    });
    expect(steps).toBe(0);
  });

  it('passes on what a step or a callback throws', async () => {
    const failure = new Error('out of memory');
    const failing = () => Promise.reject(failure);
    await expect(train(spec, images, options, failing)).rejects.toBe(failure);
    const onEpochEnd = { ...options, onEpochEnd: failing };
    await expect(train(spec, images, onEpochEnd, async () => 1)).rejects.toBe(failure);
  });
});
