/** Runs one of the programs on a backend: `run-program.cjs NAME BACKEND`, in the project's folder. Prints the answer as one line of JSON. */
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const programs = require('./programs.cjs');

const [name, backend] = process.argv.slice(2);
const folder = process.cwd();
const load = createRequire(join(folder, 'index.js'));

async function main() {
  const tf = load('@tensorflow/tfjs-node');
  if (tf.getBackend() !== 'tensorflow') throw new Error('tfjs-node did not start.');
  // It comes with face-api. tfjs-node decodes on its own backend alone.
  const file = join(folder, 'node_modules/@vladmandic/face-api/demo/sample1.jpg');
  const decoded = tf.node.decodeImage(readFileSync(file), 3);
  const small = tf.round(tf.image.resizeBilinear(decoded, [224, 224]));
  const [pixels, smallPixels] = [decoded.dataSync(), small.dataSync()];
  await tf.setBackend(backend);
  const photograph = tf.tensor(pixels, decoded.shape, 'int32');
  const photograph224 = tf.tensor(Int32Array.from(smallPixels), small.shape, 'int32');
  const numbers = await programs[name]({ tf, folder, load, backend, photograph, photograph224 });
  if (tf.getBackend() !== backend)
    throw new Error(`It computed on ${tf.getBackend()}, not ${backend}.`);
  const line = JSON.stringify({ numbers: Array.from(numbers, Number) });
  // Packages leave timers behind.
  process.stdout.write(`${line}\n`, () => process.exit(0));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
