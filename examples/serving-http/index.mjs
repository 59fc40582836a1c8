/**
 * A classifier behind node:http: `node index.mjs MODEL` serves a folder that "dlcmp train" saved, or an `.onnx` file, until it is
 * told to end. Without MODEL it trains one on a few drawn scenes, asks itself once and ends.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequestHandler, openServing } from '@dlcmp/serving';

const [, , model] = process.argv;
const trial = model === undefined ? await trainOnScenes() : undefined;
const serving = await openServing(model ?? trial.model, { maxQueue: 64 });
const classify = createRequestHandler(serving, { top: 3 });

const server = createServer(
  { headersTimeout: 10_000, requestTimeout: 20_000 },
  (request, response) => {
    if (request.url === '/classify') classify(request, response);
    else if (request.url === '/health') response.end(JSON.stringify(serving.stats()));
    else response.writeHead(404).end();
  },
);
await new Promise((resolve) => server.listen(trial ? 0 : 8080, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;
console.log(`Try: curl --data-binary @photo.jpg ${url}/classify`);

// Requests that have come are answered; then the workers end, and nothing keeps this process.
async function stop() {
  server.close();
  server.closeIdleConnections();
  await serving.close();
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);

if (trial) {
  const answer = await fetch(`${url}/classify`, { method: 'POST', body: trial.photo });
  console.log(answer.status, await answer.text());
  const refusal = await fetch(`${url}/classify`, { method: 'POST', body: 'no image' });
  console.log(refusal.status, await refusal.text());
  await stop();
  await rm(trial.directory, { recursive: true });
  if (answer.status !== 200 || refusal.status !== 400) process.exitCode = 1;
}

async function trainOnScenes() {
  const { cnnOnnx } = await import('@dlcmp/cnn-onnx');
  const { createSampleSet, loadImages } = await import('@dlcmp/data');
  const directory = await mkdtemp(join(tmpdir(), 'serving-'));
  const photos = { directory: join(directory, 'scenes'), trainPerClass: 8, testPerClass: 1 };
  const { classNames, train, test } = await createSampleSet(photos);
  const classifier = await cnnOnnx.create({ inputHeight: 48, inputWidth: 48, classNames, seed: 1 });
  const size = { height: 48, width: 48, cacheDirectory: false };
  await classifier.fit(await loadImages(train, size), { epochs: 2 });
  await classifier.save(join(directory, 'model'));
  await classifier.dispose();
  return { directory, model: join(directory, 'model'), photo: await readFile(test[0].path) };
}
