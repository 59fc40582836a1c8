/**
 * A classifier behind fastify: images come as the body of a POST, a full queue is told as 503, a client that has gone is computed no
 * more. It trains a model on a few drawn scenes, asks itself and ends; put your own model's folder in its place.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cnnOnnx } from '@dlcmp/cnn-onnx';
import { createSampleSet, loadImages } from '@dlcmp/data';
import { mostProbable, openServing } from '@dlcmp/serving';
import fastify from 'fastify';

const STATUS_OF_CODE = { INVALID_DATA: 400, OVERLOADED: 503, DISPOSED: 503 };

const directory = await mkdtemp(join(tmpdir(), 'serving-'));
const photos = { directory: join(directory, 'scenes'), trainPerClass: 8, testPerClass: 1 };
const { classNames, train, test } = await createSampleSet(photos);
const classifier = await cnnOnnx.create({ inputHeight: 48, inputWidth: 48, classNames, seed: 1 });
await classifier.fit(await loadImages(train, { height: 48, width: 48, cacheDirectory: false }), {
  epochs: 2,
});
await classifier.save(join(directory, 'model'));
await classifier.dispose();

const serving = await openServing(join(directory, 'model'), { maxQueue: 64 });
const app = fastify({ bodyLimit: serving.settings.maxImageBytes, requestTimeout: 20_000 });
app.addContentTypeParser(/^image\//, { parseAs: 'buffer' }, (_, body, done) => done(null, body));
app.setErrorHandler((error, _, reply) =>
  reply
    .code(STATUS_OF_CODE[error.code] ?? error.statusCode ?? 500)
    .send({ error: { code: error.code, message: error.message } }),
);
app.post('/classify', async (request, reply) => {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const probabilities = await serving.predictImage(request.body, { signal: gone.signal });
  return { classes: mostProbable(probabilities, serving.model, 3) };
});
app.get('/health', () => serving.stats());
app.addHook('onClose', () => serving.close());

const url = await app.listen({ host: '127.0.0.1', port: 0 });
const ask = (body, type) =>
  fetch(`${url}/classify`, { method: 'POST', body, headers: { 'content-type': type } });
const answer = await ask(await readFile(test[0].path), 'image/jpeg');
console.log(answer.status, await answer.text());
const refusal = await ask('no image', 'image/jpeg');
console.log(refusal.status, await refusal.text());

await app.close();
await rm(directory, { recursive: true });
if (answer.status !== 200 || refusal.status !== 400) process.exitCode = 1;
