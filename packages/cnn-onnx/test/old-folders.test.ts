import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NetworkDescription, simpleCnnOptions } from '@dlcmp/contract';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cnnOnnx, createSequentialClassifier, loadSequentialClassifier } from '../src/index';
import { SMALL_SPEC, smallImages } from './small-spec';

const images = smallImages(5);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'old-folders-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Gives the folder a `model.json` as versions without networks wrote it. */
async function makeOld(entries: object): Promise<void> {
  const path = join(directory, 'model.json');
  const { network: _, engine: __, ...manifest } = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...manifest, ...entries }));
}

it('a folder that says the sizes of simple-cnn opens', async () => {
  const classifier = await cnnOnnx.create(SMALL_SPEC);
  await classifier.fit(images, { epochs: 1 });
  await classifier.save(directory);
  await makeOld({ architecture: simpleCnnOptions(SMALL_SPEC.network as NetworkDescription) });
  const loaded = await cnnOnnx.load(directory);
  expect(await loaded.predict(images.pixels, images.count)).toEqual(
    await classifier.predict(images.pixels, images.count),
  );
  await Promise.all([classifier.dispose(), loaded.dispose()]);
});

it('a folder that lists layers opens', async () => {
  const { inputHeight, inputWidth, classNames } = SMALL_SPEC;
  const classifier = await createSequentialClassifier({
    ...{ inputHeight, inputWidth, classNames },
    layers: [
      { type: 'conv2d', name: 'a', channels: 4, kernelSize: 3, stride: 2, padding: 1 },
      { type: 'batchNorm', name: 'b' },
      { type: 'relu' },
      { type: 'averagePool', kernelSize: 2, stride: 1 },
      { type: 'globalAveragePool' },
      { type: 'flatten' },
      { type: 'dropout', name: 'dropout', rate: 0.2 },
      { type: 'dense', name: 'fc', units: 3 },
    ],
  });
  await classifier.fit(images, { epochs: 1 });
  await classifier.save(directory);
  await makeOld({
    adapter: 'cnn-onnx-sequential',
    layers: [
      { type: 'convolution', name: 'a', channels: 4, kernelSize: 3, stride: 2, padding: 1 },
      { type: 'channelBias', name: 'a' },
      { type: 'batchNorm2d', name: 'b', epsilon: 1e-5, momentum: 0.1 },
      { type: 'relu' },
      { type: 'averagePool2d', size: 2, stride: 1, padding: 0 },
      { type: 'globalAveragePool' },
      { type: 'dropout', name: 'dropout', rate: 0.2 },
      { type: 'dense', name: 'fc', units: 3 },
    ],
  });
  const loaded = await loadSequentialClassifier(directory);
  expect(await loaded.predict(images.pixels, images.count)).toEqual(
    await classifier.predict(images.pixels, images.count),
  );
  await Promise.all([classifier.dispose(), loaded.dispose()]);
});
