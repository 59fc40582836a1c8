import { expect, test } from '@jest/globals';
import { type ClassCount, renderClassDistributionPng } from '../src';
import { COLORS, PALETTE } from '../src/chart-style';
import { countPixels, decodePng } from './png-image';

test('draws bars in proportion to the counts', async () => {
  // Besides bars, the legend is painted: it drops out of the differences.
  const [one, two, four] = await Promise.all(
    [100, 200, 400].map((test) => testPixels({ className: 'sea', train: 400, test })),
  );
  expect((four! - two!) / (two! - one!)).toBeCloseTo(2, 1);
});

test('grows with the classes and names each', async () => {
  const classes = Array.from({ length: 12 }, (_, i) => ({
    className: `class ${i}`,
    train: 9,
    test: 3,
  }));
  const [few, many] = [await draw(classes.slice(0, 3)), await draw(classes)];
  expect(many.height).toBeGreaterThan(2 * few.height);
  expect(countPixels(many, COLORS.text)).toBeGreaterThan(countPixels(few, COLORS.text) + 1000);
});

test('draws names that XML cannot hold', async () => {
  const image = await draw([{ className: 'a<b>&"\u0001\ud800', train: 1, test: 1 }]);
  expect(countPixels(image, PALETTE[0])).toBeGreaterThan(1000);
});

async function draw(counts: readonly ClassCount[]) {
  return decodePng(await renderClassDistributionPng({ title: 'Images per class', counts }));
}

async function testPixels(count: ClassCount): Promise<number> {
  return countPixels(await draw([count]), PALETTE[1]);
}
