import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { changeImage, createTrainingPlan, epochBatches, type ImageChange } from '../src';

interface Recorded {
  readonly height: number;
  readonly width: number;
  readonly pixels: readonly number[];
  readonly cases: readonly { readonly change: ImageChange; readonly values: readonly number[] }[];
}

/** What torchvision computes: `record-image-changes.py`. */
const recorded: Recorded = JSON.parse(
  readFileSync(new URL('fixtures/image-changes.json', import.meta.url), 'utf8'),
);
const size = { inputHeight: recorded.height, inputWidth: recorded.width };
const image = Uint8Array.from(recorded.pixels);

describe('changeImage', () => {
  it.each(recorded.cases)(
    'crops, mirrors and lights as torchvision does: $change',
    ({ change, values }) => {
      const target = new Uint8Array(image.length);
      changeImage(image, target, size, change);
      const apart = values.map((value, at) => Math.abs((target[at] as number) - value));
      expect(Math.max(...apart)).toBeLessThan(0.51);
    },
  );
});

describe('a plan with random crops', () => {
  const COUNT = 40;
  const plan = createTrainingPlan({
    ...{ seed: 5, imageCount: COUNT, batchSize: 7, augmentation: 'random-crop' },
  });
  const big = { inputHeight: 60, inputWidth: 80 };

  it('draws parts within the image, others in each epoch, the same for a seed', () => {
    const changes = plan.epochChanges(1, big) as ImageChange[];
    for (const { top, left, height, width, brightness, contrast } of changes) {
      expect(top >= 0 && top + height <= 60).toBe(true);
      expect(left >= 0 && left + width <= 80).toBe(true);
      expect(height * width).toBeGreaterThan(0.3 * 60 * 80);
      expect(Math.abs(brightness - 1)).toBeLessThanOrEqual(0.2);
      expect(Math.abs(contrast - 1)).toBeLessThanOrEqual(0.2);
    }
    expect(changes.filter(({ flip }) => flip).length).toBeGreaterThan(10);
    expect(plan.epochChanges(1, big)).toEqual(changes);
    expect(plan.epochChanges(2, big)).not.toEqual(changes);
  });

  it('hands out images that are changed as it says', () => {
    const pixels = new Uint8Array(COUNT * image.length);
    for (let at = 0; at < COUNT; at++) pixels.set(image, at * image.length);
    const images = { pixels, labels: new Int32Array(COUNT), count: COUNT };
    const [first] = epochBatches(plan, 1, images, size);
    const index = plan.epochOrder(1)[0] as number;
    const expected = new Uint8Array(image.length);
    changeImage(image, expected, size, plan.epochChanges(1, size)?.[index] as ImageChange);
    expect(first?.pixels.subarray(0, image.length)).toEqual(expected);
  });
});
