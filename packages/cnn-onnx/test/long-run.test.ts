import { expect, it } from '@jest/globals';
import { createSequentialClassifier } from '../src/index';
import { SMALL_SEQUENTIAL } from './small-network';
import { smallImages } from './small-spec';

/**
 * A leak of one batch's activations a step would add 225 MiB over the 200 measured steps, JavaScript's
 * garbage and heaps that fragment add about 20: half a leak is neither.
 */
const HALF_A_LEAK = 112;

it('300 steps don’t grow resident memory once it is warm', async () => {
  const classifier = await createSequentialClassifier({
    ...SMALL_SEQUENTIAL,
    layers: [
      { type: 'conv2d', name: 'conv', channels: 256, kernelSize: 3, padding: 1 },
      { type: 'relu' },
      { type: 'maxPool', kernelSize: 2 },
      { type: 'flatten' },
      { type: 'dense', name: 'fc', units: 'classes' },
    ],
  });
  const mebibytes: number[] = [];
  await classifier.fit(smallImages(16), {
    epochs: 300,
    batchSize: 16,
    onProgress: () => void mebibytes.push(process.memoryUsage.rss() / 2 ** 20),
  });
  await classifier.dispose();
  const highest = (from: number, to: number) => Math.max(...mebibytes.slice(from, to));
  expect(highest(200, 300) - highest(50, 100)).toBeLessThan(HALF_A_LEAK);
});
