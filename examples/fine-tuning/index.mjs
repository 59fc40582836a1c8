/**
 * From a folder of JPEGs to a served label: `node index.mjs [FOLDER]`. FOLDER holds a folder of images for each class; without
 * one, a few scenes are drawn. An EfficientNet-Lite0 that knows ImageNet learns the classes and is saved; a server on this
 * machine answers images that are posted to it, and is asked once.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadWeights, fineTune, publishedWeights } from '@dlcmp/cnn-onnx';
import { createSampleSet, loadImages, openDataset } from '@dlcmp/data';
import { openServing, serveHttp } from '@dlcmp/serving';

const SIDE = 96;
const directory = await mkdtemp(join(tmpdir(), 'fine-tuning-'));
let [, , folder] = process.argv;
if (folder === undefined) {
  folder = join(directory, 'scenes');
  await createSampleSet({ directory: folder, seed: 1, trainPerClass: 12, testPerClass: 2 });
}

const published = publishedWeights('efficientnet-lite0');
console.log(`${published.trainedOn}, licence ${published.licence}`);
await downloadWeights(published);

const { classNames, train, test } = await openDataset(folder);
const decoding = { height: SIDE, width: SIDE, cacheDirectory: false };
const classifier = await fineTune({
  backbone: 'efficientnet-lite0',
  images: await loadImages(train, decoding),
  size: { inputHeight: SIDE, inputWidth: SIDE },
  classNames,
  onEpochEnd: ({ epoch, trainLoss }) => console.log(`epoch ${epoch}: loss ${trainLoss.toFixed(3)}`),
});
await classifier.save(join(directory, 'model'));
await classifier.dispose();

// Decodes and computes in processes of its own, with the model that was saved.
const serving = await openServing(join(directory, 'model'), { workers: 1 });
const server = await serveHttp(serving, { port: 0 });
const [image] = test;
const answer = await fetch(server.url, { method: 'POST', body: await readFile(image.path) });
console.log(`${classNames[image.label]}: answered ${answer.status} ${await answer.text()}`);

await server.close();
await serving.close();
await rm(directory, { recursive: true });
if (answer.status !== 200) process.exitCode = 1;
