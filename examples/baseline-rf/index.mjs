/**
 * A random forest on a folder of images: draws a few scenes, trains on them, and classifies those
 * it has not seen.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baselineRf } from '@dlcmp/baseline-rf';
import { createSampleSet, loadImages, openDataset } from '@dlcmp/data';

const directory = await mkdtemp(join(tmpdir(), 'scenes-'));
await createSampleSet({ directory, seed: 1, trainPerClass: 20, testPerClass: 5 });
const { classNames, train, test } = await openDataset(directory);

const size = { height: 64, width: 64, cacheDirectory: false };
const trainImages = await loadImages(train, size);
const testImages = await loadImages(test, size);

const forest = await baselineRf.create({ inputHeight: 64, inputWidth: 64, classNames, seed: 1 });
await forest.fit(trainImages);
const probabilities = await forest.predict(testImages.pixels, testImages.count);

let hits = 0;
for (let image = 0; image < testImages.count; image++) {
  const row = probabilities.subarray(image * classNames.length, (image + 1) * classNames.length);
  if (row.indexOf(Math.max(...row)) === testImages.labels[image]) hits++;
}
console.log(`${hits} of ${testImages.count} test images classified correctly`);

await forest.dispose();
await rm(directory, { recursive: true });
