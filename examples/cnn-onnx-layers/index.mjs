/**
 * A network of one's own, trained by ONNX Runtime from Node.js: batch normalisation, a learning rate
 * that rises and falls, weight decay, label smoothing, and a checkpoint from which an aborted run goes
 * on as if nothing had happened.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adamW, createSequentialClassifier, oneCycleSchedule } from '@dlcmp/cnn-onnx';
import {
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePool,
  maxPool,
  relu,
} from '@dlcmp/cnn-onnx/layers';
import { createSampleSet, loadImages, openDataset } from '@dlcmp/data';

const directory = await mkdtemp(join(tmpdir(), 'scenes-'));
await createSampleSet({ directory, seed: 1, trainPerClass: 20, testPerClass: 5 });
const { classNames, train } = await openDataset(directory);
const images = await loadImages(train, { height: 32, width: 32, cacheDirectory: false });

const block = (name, channels) => [
  conv2d({ name, channels, bias: false }),
  batchNorm({ name: `${name}_norm` }),
  relu(),
  maxPool(),
];
const create = () =>
  createSequentialClassifier({
    inputHeight: 32,
    inputWidth: 32,
    classNames,
    layers: [
      ...block('conv1', 16),
      ...block('conv2', 32),
      globalAveragePool(),
      flatten(),
      dropout({ name: 'dropout', rate: 0.2 }),
      dense({ name: 'fc', units: 'classes' }),
    ],
  });

const checkpoint = { path: join(directory, 'run.safetensors') };
const options = {
  epochs: 4,
  batchSize: 16,
  optimizer: adamW({ weightDecay: 0.05 }),
  schedule: oneCycleSchedule({ learningRate: 0.02 }),
  labelSmoothing: 0.1,
  gradientClipping: 1,
  checkpoint,
  onEpochEnd: ({ epoch, trainLoss }) => console.log(`epoch ${epoch}: loss ${trainLoss.toFixed(3)}`),
};

const controller = new AbortController();
const interrupted = await create();
await interrupted
  .fit(images, {
    ...options,
    signal: controller.signal,
    onProgress: ({ epoch }) => epoch === 3 && controller.abort(),
  })
  .catch((error) => console.log(error.message));
await interrupted.dispose();

const classifier = await create();
await classifier.fit(images, { ...options, resumeFrom: checkpoint.path });
await classifier.save(join(directory, 'model'));
await classifier.dispose();
await rm(directory, { recursive: true });
