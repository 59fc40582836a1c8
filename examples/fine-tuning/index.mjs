/**
 * From a folder of JPEGs to a served label: `node index.mjs [FOLDER]`. FOLDER holds a folder of images for each class; without
 * one, a few scenes are drawn. An EfficientNet-Lite0 that knows ImageNet learns the classes and is saved as `.onnx`; a server on
 * this machine answers images that are posted to it, and is asked once.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { downloadWeights, fineTune, loadOnnxClassifier, publishedWeights } from '@dlcmp/cnn-onnx';
import { createSampleSet, loadImages, loadUnlabelled, openDataset } from '@dlcmp/data';

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

const model = await loadOnnxClassifier(join(directory, 'model', 'model.onnx'));
let received = 0;
const server = createServer(async (request, response) => {
  const path = join(directory, `received-${received++}.jpg`);
  await writeFile(path, await buffer(request));
  const { pixels } = await loadUnlabelled(path, decoding);
  const probabilities = await model.predict(pixels, 1);
  const best = probabilities.indexOf(Math.max(...probabilities));
  response.end(JSON.stringify({ label: classNames[best], probability: probabilities[best] }));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const [image] = test;
const answer = await fetch(`http://127.0.0.1:${server.address().port}`, {
  method: 'POST',
  body: await readFile(image.path),
});
console.log(`${classNames[image.label]}: answered ${await answer.text()}`);

server.close();
await model.dispose();
await rm(directory, { recursive: true });
