/**
 * A CNN trained by ONNX Runtime from Node.js: draws a few scenes, trains on them with progress, saves
 * the model, loads it again, and classifies one image.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cnnOnnx } from '@dlcmp/cnn-onnx';
import { createSampleSet, loadImages, openDataset } from '@dlcmp/data';

const directory = await mkdtemp(join(tmpdir(), 'scenes-'));
await createSampleSet({ directory, seed: 1, trainPerClass: 20, testPerClass: 5 });
const { classNames, train, test } = await openDataset(directory);

const size = { height: 32, width: 32, cacheDirectory: false };
const trainImages = await loadImages(train, size);
const testImages = await loadImages(test, size);

const classifier = await cnnOnnx.create({ inputHeight: 32, inputWidth: 32, classNames, seed: 1 });
await classifier.fit(trainImages, {
  epochs: 2,
  batchSize: 16,
  onEpochEnd: ({ epoch, trainLoss }) => console.log(`epoch ${epoch}: loss ${trainLoss.toFixed(3)}`),
});
const modelDirectory = join(directory, 'model');
await classifier.save(modelDirectory);
await classifier.dispose();

const loaded = await cnnOnnx.load(modelDirectory);
const probabilities = await loaded.predict(testImages.pixels.slice(0, 32 * 32 * 3), 1);
for (const [label, name] of classNames.entries()) {
  console.log(`${name.padEnd(10)} ${(probabilities[label] * 100).toFixed(1)} %`);
}

await loaded.dispose();
await rm(directory, { recursive: true });
