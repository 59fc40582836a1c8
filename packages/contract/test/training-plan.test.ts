import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Augmentation, createTrainingPlan, epochBatches, type LabelledImages } from '../src';

interface Fixture {
  seed: number;
  epochOrders: number[][];
  epochFlips: number[][];
  dropoutKeep: number[][];
}

/** Worked out by `make-random-fixture.py`. */
const fixtures: Fixture[] = JSON.parse(
  readFileSync(new URL('./fixtures/random.json', import.meta.url), 'utf8'),
);

function createPlan(seed: number, augmentation: Augmentation = 'horizontal-flip') {
  const batches = { imageCount: 10, batchSize: 4, augmentation };
  return createTrainingPlan({ seed, ...batches, masks: { dropout: { shape: [6], rate: 0.25 } } });
}

/** Ten images of 2×3 whose bytes all differ: image, row, column and channel show in each. */
const images: LabelledImages = {
  pixels: Uint8Array.from({ length: 10 * 18 }, (_, at) => at),
  labels: Int32Array.from({ length: 10 }, (_, image) => image % 3),
  count: 10,
};
const size = { inputHeight: 2, inputWidth: 3 };

function imageOf(index: number): number[] {
  return [...images.pixels.subarray(index * 18, (index + 1) * 18)];
}

/** Both rows of a 2×3 RGB image, each read from its right end. */
const mirroredPositions = [6, 7, 8, 3, 4, 5, 0, 1, 2, 15, 16, 17, 12, 13, 14, 9, 10, 11];

describe('createTrainingPlan', () => {
  it.each(fixtures)('makes the choices worked out independently for seed $seed', (fixture) => {
    const plan = createPlan(fixture.seed);
    const epochs = [1, 2];
    expect(epochs.map((epoch) => [...plan.epochOrder(epoch)])).toEqual(fixture.epochOrders);
    expect(epochs.map((epoch) => [...plan.epochFlips(epoch)])).toEqual(fixture.epochFlips);
    expect([0, 1, 2].map((step) => [...(plan.masks(2, step).dropout as Uint8Array)])).toEqual(
      fixture.dropoutKeep,
    );
  });

  it('answers alike whatever was asked before', () => {
    const plan = createPlan(1);
    const first = [plan.epochOrder(3), plan.masks(3, 1).dropout];
    plan.epochOrder(1);
    plan.masks(1, 0).dropout;
    expect([plan.epochOrder(3), plan.masks(3, 1).dropout]).toEqual(first);
  });

  it('ends an epoch with a smaller batch', () => {
    const plan = createPlan(1);
    expect(plan.stepsPerEpoch).toBe(3);
    expect([0, 1, 2].map(plan.batchSizeAt)).toEqual([4, 4, 2]);
  });

  it('flips nothing without augmentation', () => {
    expect([...createPlan(1, 'none').epochFlips(1)]).toEqual(new Array(10).fill(0));
  });

  it('keeps as many units as the dropout rate says', () => {
    const settings = { seed: 1, imageCount: 100, batchSize: 100, augmentation: 'none' } as const;
    const kept = (dropoutRate: number) =>
      createTrainingPlan({
        ...settings,
        masks: { dropout: { shape: [100], rate: dropoutRate } },
      })
        .masks(1, 0)
        .dropout?.reduce((sum, keep) => sum + keep, 0) ?? 0;
    expect(kept(0)).toBe(10_000);
    // Four standard deviations of 10,000 draws with probability 0.75 are 173.
    expect(Math.abs(kept(0.25) - 7500)).toBeLessThan(173);
  });

  it.each([0, -1, 2.5, Number.NaN])('refuses a batch size of %d', (batchSize) => {
    const settings = { seed: 1, imageCount: 4, augmentation: 'none' } as const;
    expect(() => createTrainingPlan({ ...settings, batchSize })).toThrow(
      `batchSize must be a whole number ≥ 1, not ${batchSize}.`,
    );
  });
});

describe('epochBatches', () => {
  it('gathers the images of the plan with their labels, flips and masks', () => {
    const plan = createPlan(42);
    const order = [...plan.epochOrder(2)];
    const flips = plan.epochFlips(2);
    const batches = [...epochBatches(plan, 2, images, size)];

    expect(batches.map((batch) => batch.size)).toEqual([4, 4, 2]);
    expect(batches.flatMap(({ labels }) => [...labels])).toEqual(order.map((index) => index % 3));
    expect(batches.flatMap(({ pixels }) => [...pixels])).toEqual(
      order.flatMap((index) => {
        const image = imageOf(index);
        return flips[index] ? mirroredPositions.map((from) => image[from]) : image;
      }),
    );
    batches.forEach(({ masks }, step) => {
      expect(masks).toEqual(plan.masks(2, step));
    });
  });

  it.each([4, 5])('mirrors each row of images %d pixels wide', (width) => {
    const bytes = 3 * width * 3;
    const wide = {
      pixels: Uint8Array.from({ length: 10 * bytes }, (_, at) => (at * 7) % 251),
      labels: new Int32Array(10),
      count: 10,
    };
    const plan = createPlan(42);
    const flips = plan.epochFlips(1);
    const [batch] = epochBatches(plan, 1, wide, { inputHeight: 3, inputWidth: width });
    const expected = [...plan.epochOrder(1)].slice(0, 4).flatMap((index) => {
      const rows = Array.from({ length: 3 }, (_, row) =>
        Array.from({ length: width }, (_, column) => {
          const start = index * bytes + (row * width + column) * 3;
          return [...wide.pixels.subarray(start, start + 3)];
        }),
      );
      return rows.flatMap((row) => (flips[index] ? row.toReversed() : row).flat());
    });
    expect([...plan.epochOrder(1)].slice(0, 4).some((index) => flips[index])).toBe(true);
    expect([...(batch?.pixels ?? [])]).toEqual(expected);
  });

  it('leaves the images as they were', () => {
    const before = images.pixels.slice();
    expect([...epochBatches(createPlan(42), 1, images, size)]).toHaveLength(3);
    expect(images.pixels).toEqual(before);
  });

  it('gathers a batch only when it is asked for', () => {
    let read = 0;
    const counting = {
      ...images,
      get pixels() {
        read++;
        return images.pixels;
      },
    };
    const batches = epochBatches(createPlan(1), 1, counting, size);
    batches.next();
    expect(read).toBe(1);
  });
});
