/**
 * Runs a saved model in onnxruntime-web, as a browser would:
 *
 *     node predict-on-web-assembly.mjs DIRECTORY BATCH HEIGHT WIDTH
 *
 * Reads model.onnx and pixels.bin from DIRECTORY, writes probabilities.bin there.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';

const [directory, ...sizes] = process.argv.slice(2);
const [batch, height, width] = sizes.map(Number);
ort.env.wasm.numThreads = 1;

const session = await ort.InferenceSession.create(await readFile(join(directory, 'model.onnx')), {
  executionProviders: ['wasm'],
});
const pixels = new Uint8Array(await readFile(join(directory, 'pixels.bin')));
const batchBytes = batch * height * width * 3;
const rows = [];
for (let start = 0; start < pixels.length; start += batchBytes) {
  const images = pixels.slice(start, start + batchBytes);
  const input = new ort.Tensor('uint8', images, [batch, height, width, 3]);
  const { probabilities } = await session.run({ pixels: input });
  rows.push(...probabilities.data);
}
await writeFile(join(directory, 'probabilities.bin'), Float32Array.from(rows));
