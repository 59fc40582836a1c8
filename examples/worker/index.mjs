/**
 * A classifier in a worker thread of plain Node.js, so that the event loop of the program stays free: trains a small model, hands it
 * to a worker, and asks it a hundred times while a timer says how long the event loop had to wait at most.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { cnnOnnx } from '@dlcmp/cnn-onnx';

const [size, count] = [32, 24];
const model = await mkdtemp(join(tmpdir(), 'dlcmp-worker-'));
await trainInto(model);

const worker = new Worker(new URL('classifier-worker.mjs', import.meta.url), {
  workerData: { model },
});
await once(worker, 'message');
const waiting = new Map();
worker.on('message', ({ id, probabilities, message }) => {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (probabilities) resolve(probabilities);
  else reject(new Error(message));
});

/** Probabilities of one image; its pixels belong to the worker from then on. */
function predict(pixels) {
  return new Promise((resolve, reject) => {
    const id = crypto.randomUUID();
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, pixels, count: 1 }, [pixels.buffer]);
  });
}

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let sum = 0;
for (let request = 0; request < 100; request++) {
  const [first, second] = await predict(imageOf(request % 2));
  sum += first + second;
}
delay.disable();
console.log(`100 answers, each summing to ${(sum / 100).toFixed(3)}`);
console.log(`longest wait of the event loop: ${(delay.max / 1e6).toFixed(1)} ms`);

worker.postMessage({});
await once(worker, 'exit');
await rm(model, { recursive: true });

/** Two classes that a glance tells apart: dark images and bright ones. */
function imageOf(label) {
  return new Uint8Array(size * size * 3).fill(label === 0 ? 40 : 200);
}

async function trainInto(directory) {
  const labels = Int32Array.from({ length: count }, (_, image) => image % 2);
  const pixels = new Uint8Array(count * size * size * 3);
  labels.forEach((label, image) => {
    pixels.set(imageOf(label), image * size * size * 3);
  });
  const classNames = ['dark', 'bright'];
  const spec = { inputHeight: size, inputWidth: size, classNames, seed: 1 };
  const classifier = await cnnOnnx.create(spec);
  await classifier.fit({ pixels, labels, count }, { epochs: 1, batchSize: 8 });
  await classifier.save(directory);
  await classifier.dispose();
}
