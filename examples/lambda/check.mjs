/**
 * What can be seen of the function without a cloud, run in its folder: handler, model and node_modules together are below the
 * 250 MB that a function may have unzipped, one request is answered with probabilities, and one that is no image with 400.
 */
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cnnOnnx } from '@dlcmp/cnn-onnx';

const LIMIT_BYTES = 250 * 2 ** 20;
const size = 32;

const spec = { inputHeight: size, inputWidth: size, classNames: ['dark', 'bright'], seed: 1 };
const classifier = await cnnOnnx.create(spec);
const labels = Int32Array.from({ length: 8 }, (_, image) => image % 2);
const pixels = Uint8Array.from({ length: 8 * size * size * 3 }, (_, at) => (at * 7) % 256);
await classifier.fit({ pixels, labels, count: 8 }, { epochs: 1, batchSize: 8 });
await classifier.save('model');
await classifier.dispose();

const { handler } = await import('./handler.mjs');
const body = Buffer.from(pixels.subarray(0, size * size * 3)).toString('base64');
const answered = await handler({ body, isBase64Encoded: true });
assert.equal(answered.statusCode, 200);
const [first, second] = JSON.parse(answered.body).probabilities;
assert.ok(Math.abs(first + second - 1) < 1e-5, 'probabilities sum to 1');
assert.equal((await handler({ body: 'no image', isBase64Encoded: false })).statusCode, 400);

const files = readdirSync('.', { recursive: true, withFileTypes: true }).filter((each) =>
  each.isFile(),
);
const bytes = files.reduce(
  (sum, file) => sum + statSync(join(file.parentPath ?? file.path, file.name)).size,
  0,
);
assert.ok(bytes < LIMIT_BYTES, `${bytes} bytes are too many for a function`);
console.log(`the function has ${bytes} of ${LIMIT_BYTES} bytes, and answers`);
